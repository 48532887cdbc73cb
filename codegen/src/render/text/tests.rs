use proptest::prelude::*;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::*;

/// The extensions of Markdown that rustdoc has.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
}

/// What a reader sees of `markdown`, if it is made of harmless things alone.
fn seen(markdown: &str) -> Result<String, String> {
    let parser = Parser::new_ext(markdown, options());
    if let Some((name, _)) = parser.reference_definitions().iter().next() {
        return Err(format!("a definition of {name}"));
    }
    let mut seen = String::new();
    for event in parser {
        match event {
            Event::Start(
                Tag::Paragraph | Tag::List(_) | Tag::Item | Tag::Emphasis | Tag::Strong,
            ) => {}
            Event::Start(Tag::Link {
                link_type: LinkType::Inline | LinkType::Autolink,
                dest_url,
                ..
            }) if dest_url.starts_with("http") => {}
            Event::Start(other) => return Err(format!("{other:?}")),
            Event::End(TagEnd::Paragraph | TagEnd::Item) => seen.push('\n'),
            Event::End(_) => {}
            Event::Text(text) | Event::Code(text) => seen.push_str(&text),
            Event::SoftBreak | Event::HardBreak => seen.push('\n'),
            other => return Err(format!("{other:?}")),
        }
    }
    Ok(seen)
}

/// Asserts that `text` does no harm where descriptions stand: before an example of
/// our own.
fn is_harmless(text: &str) -> Result<(), String> {
    let ours = "Example: `1`.\n\n# Examples\n\n```no_run\nlet x;\n```";
    let alone = block(text);
    seen(&alone)?;
    let whole = format!("{alone}\n\n{ours}");
    let events: Vec<Event<'_>> = Parser::new_ext(&whole, options()).collect();
    let expected: Vec<Event<'_>> = Parser::new_ext(ours, options()).collect();
    if !events.ends_with(&expected) {
        return Err(format!("ours became another: {events:?}"));
    }
    // The same within a line, and in the cell of a table.
    let one_line = line(text);
    if one_line.contains('\n') {
        return Err("a line break".to_owned());
    }
    seen(&one_line)?;
    seen(&format!("Of {} and {}.", one_line, code(text)))?;
    let table = format!("| a |\n|---|\n| {} |\n", code_cell(text));
    let tags: Vec<Event<'_>> = Parser::new_ext(&table, options()).collect();
    let cells = tags
        .iter()
        .filter(|tag| matches!(tag, Event::Start(Tag::TableCell)));
    let rows = tags
        .iter()
        .filter(|tag| matches!(tag, Event::Start(Tag::TableRow)));
    if (cells.count(), rows.count()) != (2, 1) {
        return Err(format!("another table: {tags:?}"));
    }
    // rustc takes it as a comment and as the text of an attribute.
    for part in [&alone, &one_line, &code(text)] {
        if part.contains(|c: char| is_invisible(c)) {
            return Err("an invisible character".to_owned());
        }
    }
    Ok(())
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

#[test]
fn no_text_of_a_document_is_anything_but_text() {
    for text in [
        "text\n\n*      std::process::exit(3);",
        "text\n\n1.      std::process::exit(3);",
        "- a\n\n      code",
        "-\tcode\n\n\tcode",
        "Options:\n-     first  thing",
        "````\nlet x = 1;\n````",
        "```rust\nfn main() {}\n```",
        "~~~~~\nx\n~~~\ny",
        "    indented",
        "a\n===\nb\n---\n# c\n## d ##\n",
        "[a]: https://a.b\n\n[a] [^1]\n\n[^1]: note",
        "<script>x</script> <b> <!-- c --> &lt;i&gt; &copy;",
        "| a | b |\n|---|---|\n| c | d |",
        "a\n:-:\nb",
        "> quote\n>> more",
        "- [ ] to do\n- [x] done",
        "[`Vec`] [x](y) [y](javascript:z) ![i](c.png)",
        "a\rb\r\nc\u{2028}d\u{0}e\u{202E}f\u{2066}g\u{85}h",
        "***\n___\n* * *\n- - -",
        "- - - - a\n+ + b\n1. 2. 3. c",
        "99. a\n100. b\n1. c\n2. d\n\n3. e",
        "`` ` `` ``` ` \\` `a",
        "a  \nb\\\nc",
        "**a _b* c__ d_e_f",
        "\\\\* \\# \\",
        "-\n  x\n*\ny\n1.\nz",
        "# \n#\n####### x\n#x",
        "$a$ ~b~ ~~c~~ H~2~O ^d^",
        "a\u{b}b\u{c}c\u{1b}[31m",
        "- a\n```\nlet x;\n```\n- b",
        "``` ```---\n` `- x\n` `1. x\n`` ``# y",
        "{#id} :::note\n+++\n---\ntitle: x\n---",
    ] {
        if let Err(problem) = is_harmless(text) {
            panic!("{problem}\nfrom {text:?}\nto {:?}", block(text));
        }
        // The language of a block of code is not shown.
        let shown = text.replace("```rust", "```");
        assert_eq!(
            letters(&seen(&block(text)).expect("harmless")),
            letters(&shown),
            "{text:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_is_harmless(text in "\\PC*|[\\s\\S]{0,80}") {
        is_harmless(&text).map_err(|problem| TestCaseError::fail(format!("{problem}\nto {:?}", block(&text))))?;
    }

    #[test]
    fn text_of_the_marks_of_markdown_is_harmless(
        words in prop::collection::vec(prop::sample::select(vec![
            "`", "``", "```", "~~~", "*", "**", "_", "-", "+", "#", "##", ">", "<", "[", "]", "(", ")",
            "](", "[^1]:", "[a]:", "!", "|", "---", "===", ":-:", "1.", "2)", "\n", "\n\n", " ", "    ",
            "      ", "\t", "\r", "\\", "&", "&amp;", "&#35;", "\"", "'", "a", "b c", "https://a.b",
            "http://", "(https://a.b \"t\")", "<b>", "<!--", "é", "\u{a0}", "\u{3000}", "/", "{", "}", "=",
            "~", "$", "^", ":", "é_é", "x_y",
        ]), 0..40)
    ) {
        let text = words.concat();
        is_harmless(&text).map_err(|problem| TestCaseError::fail(format!("{problem}\nto {:?}", block(&text))))?;
        if !text.contains("http") && !text.contains("```") && !text.contains("~~~") {
            let seen = seen(&block(&text)).map_err(TestCaseError::fail)?;
            prop_assert_eq!(letters(&seen), letters(&text));
        }
    }

    #[test]
    fn code_is_shown_as_it_is(text in "[`a \\\\*|<&]{0,20}[a`][ `]{0,2}") {
        let markdown = format!("x{}y", code(&text));
        let events: Vec<Event<'_>> = Parser::new_ext(&markdown, options()).collect();
        prop_assert!(events.contains(&Event::Code(text.clone().into())), "{events:?}");
    }
}

#[test]
fn what_can_do_no_harm_is_kept() {
    for (text, expected) in [
        (
            "See [limits](https://a.b/c) for `a[0]`, <b> and [x].",
            "See [limits](https://a.b/c) for `a[0]`, \\<b\\> and \\[x\\].",
        ),
        ("At https://a.b/c?d=e.", "At <https://a.b/c?d=e>."),
        ("At <https://a.b/c>.", "At <https://a.b/c>."),
        (
            "A [link](https://a.b \"its title\").",
            "A [link](https://a.b \"its title\").",
        ),
        ("*a*, **b c** and snake_case", "*a*, **b c** and snake_case"),
        (
            "Either:\n- one\n  more\n* two",
            "Either:\n\n- one\n  more\n- two",
        ),
        ("1. a\n2. b\n\n3) c", "1. a\n2. b\n\n3. c"),
        ("# Limits\nNone.", "**Limits**\n\nNone."),
        ("```\nlet x;\nlet y;\n```", "`let x;`\\\n`let y;`"),
        ("2 * 3 * 4 < 30", "2 \\* 3 \\* 4 \\< 30"),
    ] {
        assert_eq!(block(text), expected);
    }
}

#[test]
fn long_text_takes_time_in_proportion() {
    // What is quadratic takes minutes for these.
    for unit in [
        "[",
        "]",
        "`",
        "*",
        "_",
        "<",
        "[a](",
        "[a](https://a \"",
        "[a](https://a '",
        "http://:",
        "https://a",
        "``a`",
        "- ",
        "# ",
        "~",
        "\\",
        "1. ",
        "&",
        "\r",
        "a_",
        "*a",
        "![",
    ] {
        let text = unit.repeat(400_000 / unit.len());
        let start = std::time::Instant::now();
        let length = block(&text).len() + code(&text).len() + line(&text).len();
        assert!(length > 0);
        assert!(
            start.elapsed().as_secs() < 10,
            "{unit:?}: {:?}",
            start.elapsed()
        );
    }
    let runs: String = (1..800)
        .map(|length| format!("{} ", "`".repeat(length)))
        .collect();
    assert!(block(&runs).len() > runs.len());
}
