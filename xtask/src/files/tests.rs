//! Whatever moment the writer is ended in, the old crate or the new one is there.

use std::cell::Cell;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::disk::Step;
use super::*;

/// A crate in two versions: some files stay, some change, some come, some go.
fn version(number: usize) -> BTreeMap<String, String> {
    let text = |name: &str| format!("// {name}, version {number}\n").repeat(50);
    let own = format!("src/operations{number}/own.rs");
    let changed = [
        "Cargo.toml",
        "README.md",
        "src/lib.rs",
        "src/types.rs",
        &own,
    ];
    let mut files = BTreeMap::from(changed.map(|path| (path.to_owned(), text(path))));
    files.insert("src/same.rs".to_owned(), "// The same.\n".to_owned());
    files
}

/// What `version` leaves on the disk.
fn on_disk(number: usize) -> BTreeMap<String, String> {
    let mut files = version(number);
    files.insert(list::NAME.to_owned(), List::of(&files).text());
    files
}

/// Files of somebody else, each with its name as text.
const OWN: [&str; 6] = [
    "LICENSE",
    "src/notes.rs",
    "src/operations1/notes.rs",
    "target/debug/built",
    ".git/HEAD",
    "nested/Cargo.toml",
];

/// A disk on which every step is taken, and none is waited for.
const WHOLE: Disk<'static> = Disk::with_gate(&|_| Ok(()));

struct Place {
    folder: TempDir,
    root: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("crate");
        Self { folder, root }
    }

    /// With version 1 and the files of somebody else.
    fn with_crate() -> Self {
        let place = Self::new();
        place.write(1, WHOLE).expect("a crate");
        for path in OWN {
            let file = place.root.join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, path).expect("a file");
        }
        #[cfg(unix)]
        {
            let made = Command::new("mkfifo").arg(place.root.join("pipe")).status();
            assert!(made.is_ok_and(|status| status.success()));
            let link = place.root.join("src/link");
            std::os::unix::fs::symlink("no/where", link).expect("a link");
        }
        place
    }

    fn write(&self, number: usize, disk: Disk<'_>) -> Result<(), Error> {
        recover_on(&self.root, disk)?;
        Changes::between(&self.root, &version(number))?.apply_to(&self.root, disk)
    }

    fn write_in_place(&self, number: usize, disk: Disk<'_>) -> Result<(), Error> {
        recover_on(&self.root, disk)?;
        let changes = Changes::between(&self.root, &version(number))?;
        in_place::write(&self.root, &changes, disk)
    }

    /// Which version is there, whole and without a file of another.
    #[track_caller]
    fn version(&self) -> Option<usize> {
        let files = self.generated();
        [1, 2].into_iter().find(|number| files == on_disk(*number))
    }

    /// Every file but those of somebody else, and what a run left that is not done.
    fn generated(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        let mut open = vec![self.root.clone()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.expect("an entry").path();
                let kind = fs::symlink_metadata(&path).expect("what it is").file_type();
                if kind.is_dir() {
                    if !path.ends_with(".generate") {
                        open.push(path);
                    }
                } else if kind.is_file() {
                    let name = path
                        .strip_prefix(&self.root)
                        .expect("a path below the root");
                    let name = name.to_str().expect("UTF-8").to_owned();
                    if !OWN.contains(&&*name) {
                        files.insert(name, fs::read_to_string(&path).expect("a text"));
                    }
                }
            }
        }
        files
    }

    #[track_caller]
    fn has_what_is_others(&self, when: &str) {
        for path in OWN {
            let text = fs::read_to_string(self.root.join(path)).ok();
            assert_eq!(text.as_deref(), Some(path), "{when}: {path}");
        }
        if cfg!(unix) {
            let link = fs::read_link(self.root.join("src/link")).ok();
            assert_eq!(link.as_deref(), Some(Path::new("no/where")), "{when}");
            assert!(self.root.join("pipe").exists(), "{when}");
        }
    }

    #[track_caller]
    fn is_tidy(&self, when: &str) {
        let entries = fs::read_dir(self.folder.path()).expect("a folder");
        assert_eq!(entries.count(), 1, "{when}: something is left beside");
        assert!(!self.root.join(".generate").exists(), "{when}");
        assert!(!is_interrupted(&self.root), "{when}");
    }
}

/// Runs `work` on a disk on which no step is taken from `step` on, as if the process had
/// been killed there; whether it was.
fn killed_at(step: usize, work: impl Fn(Disk<'_>) -> Result<(), Error>) -> bool {
    let left = Cell::new(step);
    let gate = |_| match left.get().checked_sub(1) {
        Some(rest) => {
            left.set(rest);
            Ok(())
        }
        None => Err(io::Error::other("killed")),
    };
    work(Disk::with_gate(&gate)).is_err()
}

#[test]
fn killed_at_any_step_the_writer_leaves_the_old_crate_or_the_new_one() {
    let mut seen = BTreeSet::new();
    for step in 0.. {
        let place = Place::with_crate();
        let was_killed = killed_at(step, |disk| place.write(2, disk));
        let when = format!("killed at step {step}");
        let version = place.version();
        assert!(version.is_some(), "{when}: {:#?}", place.generated().keys());
        seen.insert(version);
        place.has_what_is_others(&when);
        place.write(2, WHOLE).expect(&when);
        assert_eq!(place.version(), Some(2), "{when}");
        place.has_what_is_others(&when);
        place.is_tidy(&when);
        if !was_killed {
            assert!(step > 40, "only {step} steps");
            assert_eq!(seen.len(), 2, "both versions are met");
            break;
        }
    }
}

#[test]
fn the_run_that_tidies_up_may_be_killed_at_any_step_too() {
    let mut first = 0;
    loop {
        let mut second = 0;
        loop {
            let place = Place::with_crate();
            let was_killed = killed_at(first, |disk| place.write(2, disk));
            let was_killed_again = killed_at(second, |disk| place.write(1, disk));
            let when = format!("killed at step {first}, then at step {second}");
            assert!(place.version().is_some(), "{when}");
            place.has_what_is_others(&when);
            place.write(2, WHOLE).expect(&when);
            assert_eq!(place.version(), Some(2), "{when}");
            place.has_what_is_others(&when);
            place.is_tidy(&when);
            if !was_killed {
                return;
            }
            if !was_killed_again {
                break;
            }
            second += 7;
        }
        first += 5;
    }
}

#[test]
fn killed_at_any_step_the_first_run_leaves_nothing_or_the_crate() {
    for step in 0.. {
        let place = Place::new();
        let was_killed = killed_at(step, |disk| place.write(1, disk));
        let when = format!("killed at step {step}");
        let is_there = place.root.exists();
        assert!(!is_there || place.version() == Some(1), "{when}");
        place.write(2, WHOLE).expect(&when);
        assert_eq!(place.version(), Some(2), "{when}");
        place.is_tidy(&when);
        if !was_killed {
            break;
        }
    }
}

#[test]
fn killed_where_folders_cannot_be_exchanged_the_writer_has_decided_or_changed_nothing() {
    let mut seen = BTreeSet::new();
    for step in 0.. {
        let place = Place::with_crate();
        let was_killed = killed_at(step, |disk| place.write_in_place(2, disk));
        let when = format!("killed at step {step}");
        place.has_what_is_others(&when);
        let is_decided = is_interrupted(&place.root);
        let before = place.version();
        recover_on(&place.root, WHOLE).expect(&when);
        let after = place.version();
        if is_decided {
            assert_eq!(after, Some(2), "{when}");
        } else {
            assert!(after.is_some() && before == after, "{when}");
        }
        seen.insert(after);
        place.is_tidy(&when);
        if !was_killed {
            assert_eq!(seen.len(), 2, "both versions are met");
            break;
        }
    }
}

#[test]
fn a_disk_without_exchanged_folders_gets_the_new_crate_too() {
    let place = Place::with_crate();
    let gate = |step| match step {
        Step::Exchange => Err(io::ErrorKind::InvalidInput.into()),
        _ => Ok(()),
    };
    place.write(2, Disk::with_gate(&gate)).expect("a crate");
    assert_eq!(place.version(), Some(2));
    place.has_what_is_others("in place");
    place.is_tidy("in place");
}

#[test]
fn a_disk_that_is_full_at_any_step_keeps_the_old_crate_and_nothing_else() {
    type Write = fn(&Place, usize, Disk<'_>) -> Result<(), Error>;
    for write in [Place::write as Write, Place::write_in_place] {
        for step in 0_usize.. {
            let place = Place::with_crate();
            let left = Cell::new(step);
            let gate = |kind| match kind {
                Step::Make | Step::Write => match left.get().checked_sub(1) {
                    Some(rest) => {
                        left.set(rest);
                        Ok(())
                    }
                    None => Err(io::ErrorKind::StorageFull.into()),
                },
                _ => Ok(()),
            };
            let result = write(&place, 2, Disk::with_gate(&gate));
            let when = format!("full at step {step}");
            place.has_what_is_others(&when);
            place.is_tidy(&when);
            let Err(error) = result else {
                assert_eq!(place.version(), Some(2), "{when}");
                break;
            };
            assert_eq!(place.version(), Some(1), "{when}: {error}");
            assert!(error.to_string().contains("no storage space"), "{error}");
        }
    }
}

/// Too big for second names, a folder of somebody else moves over.
#[test]
fn a_big_folder_of_somebody_else_is_there_after_an_interruption_at_the_latest_with_the_next_run() {
    let place = Place::with_crate();
    let big = place.root.join("target/many");
    fs::create_dir(&big).expect("a folder");
    for number in 0..10_001 {
        fs::write(big.join(number.to_string()), "").expect("a file");
    }
    let mut number = 1;
    for step in 0.. {
        number = 3 - number;
        let was_killed = killed_at(step, |disk| place.write(number, disk));
        let when = format!("killed at step {step}");
        recover_on(&place.root, WHOLE).expect(&when);
        place.has_what_is_others(&when);
        place.write(number, WHOLE).expect(&when);
        place.has_what_is_others(&when);
        if !was_killed {
            assert_eq!(fs::read_dir(&big).expect("a folder").count(), 10_001);
            break;
        }
    }
}

/// What is saved or made between the listing of a folder and the exchange lies in the old
/// folder, and is brought over.
#[test]
fn what_others_save_while_the_crate_is_written_is_kept() {
    let place = Place::with_crate();
    let root = place.root.clone();
    let gate = |step| {
        if step == Step::Exchange {
            fs::create_dir(root.join("new")).expect("a folder");
            fs::write(root.join("new/made"), "made").expect("a file");
            let saved = root.join("src/saved");
            fs::write(&saved, "src/notes.rs").expect("a file");
            let later = std::time::SystemTime::now() + Duration::from_secs(5);
            let file = fs::File::options()
                .write(true)
                .open(&saved)
                .expect("a file");
            file.set_modified(later).expect("a time");
            fs::rename(saved, root.join("src/notes.rs")).expect("a saved file");
        }
        Ok(())
    };
    place.write(2, Disk::with_gate(&gate)).expect("a crate");
    let made = fs::read_to_string(place.root.join("new/made"));
    assert_eq!(made.expect("a file"), "made");
    let saved = fs::metadata(place.root.join("src/notes.rs")).and_then(|data| data.modified());
    assert!(saved.expect("a time") > std::time::SystemTime::now());
    place.is_tidy("saved");
}

#[test]
fn a_name_that_no_disk_takes_is_refused_before_anything_is_written() {
    let place = Place::with_crate();
    let mut files = version(2);
    files.insert(format!("src/{}.rs", "a".repeat(300)), String::new());
    let error = Changes::between(&place.root, &files).expect_err("a name too long");
    assert!(
        error.to_string().ends_with(
            ": this name of a file is longer than file systems take (303 bytes, of 255); \
             shorten in the document what it is made of, such as a tag"
        ),
        "{error}"
    );
    place.is_tidy("refused");
    assert_eq!(place.version(), Some(1));
}

#[test]
fn two_runs_at_once_do_not_meet() {
    let place = Place::with_crate();
    let beside = place.folder.path().join(".crate.generate");
    fs::create_dir(&beside).expect("a folder");
    let lock = disk::lock(&beside).expect("a lock");
    let error = place.write(2, WHOLE).expect_err("another run");
    assert!(
        error
            .to_string()
            .ends_with("another run of generate is writing this crate; try again when it is done"),
        "{error}"
    );
    assert_eq!(place.version(), Some(1));
    drop(lock);
    place.write(2, WHOLE).expect("a crate");
    place.is_tidy("after both");
}

#[test]
fn a_folder_of_somebody_else_that_is_in_the_way_is_named_and_kept() {
    let place = Place::with_crate();
    let file = place.folder.path().join(".crate.generate/mine");
    fs::create_dir(file.parent().expect("a folder")).expect("a folder");
    fs::write(&file, "").expect("a file");
    let error = place.write(2, WHOLE).expect_err("a folder in the way");
    assert!(
        error
            .to_string()
            .ends_with("and there is mine in it; move it away"),
        "{error}"
    );
    assert!(file.exists());
}

/// Set for the process that is to be killed: the folder of the crate.
const VICTIM: &str = "XTASK_TESTS_WRITE_TO";

/// Not a test by itself: writes both versions by turns until it is killed, and says each
/// step by a byte.
#[test]
fn writes_until_it_is_killed() {
    let Some(root) = std::env::var_os(VICTIM) else {
        return;
    };
    let place = Place {
        folder: tempfile::tempdir().expect("a folder"),
        root: root.into(),
    };
    let gate = |_| io::stderr().write_all(b".");
    for number in [2, 1].into_iter().cycle() {
        place
            .write(number, Disk::with_gate(&gate))
            .expect("a crate");
    }
}

#[test]
fn a_process_killed_at_a_hundred_random_moments_leaves_the_old_crate_or_the_new_one() {
    let place = Place::with_crate();
    let program = std::env::current_exe().expect("this test");
    let mut random = fastrand::Rng::with_seed(11);
    let mut interrupted = 0;
    for round in 0..100 {
        let mut child = Command::new(&program)
            .args([
                "--exact",
                "files::tests::writes_until_it_is_killed",
                "--nocapture",
            ])
            .env(VICTIM, &place.root)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut steps = child.stderr.take().expect("its steps");
        let mut seen = vec![0; random.usize(1..250)];
        steps.read_exact(&mut seen).expect("so many steps");
        child.kill().expect("a kill");
        child.wait().expect("its end");
        let when = format!("round {round}");
        assert!(
            place.version().is_some(),
            "{when}: {:#?}",
            place.generated().keys()
        );
        place.has_what_is_others(&when);
        interrupted += usize::from(is_interrupted(&place.root));
    }
    assert!(
        interrupted > 10,
        "too few were in the middle of it: {interrupted}"
    );
    place.write(2, WHOLE).expect("a crate");
    assert_eq!(place.version(), Some(2));
    place.has_what_is_others("at the end");
    place.is_tidy("at the end");
}
