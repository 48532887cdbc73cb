use super::*;

fn scheme(name: &str, placement: Placement) -> DeclaredScheme {
    DeclaredScheme {
        name: name.to_owned(),
        pointer: format!("/components/securitySchemes/{name}"),
        placement: Ok(placement),
    }
}

fn header(name: &str) -> Placement {
    Placement::Header {
        name: name.to_owned(),
    }
}

fn pets() -> Declared {
    Declared {
        server: Some("https://pets.example.com/v1/".to_owned()),
        schemes: vec![scheme("petKey", header("X-Pet-Key"))],
        requirements: vec![vec!["petKey".to_owned()]],
        says_security: true,
        of_operations: Vec::new(),
    }
}

/// The servers that clients call besides, and what is said, for these of operations.
fn servers_of(declared: Declared, servers: &[&str]) -> (Vec<String>, Vec<String>) {
    let servers = servers
        .iter()
        .map(|url| ("/at".to_owned(), (*url).to_owned()));
    let declared = Declared {
        of_operations: servers.collect(),
        ..declared
    };
    let (protocol, notes) = resolve(&declared, &Plan::for_package("pets")).expect("a protocol");
    (
        protocol.servers,
        notes.into_iter().map(|it| it.text).collect(),
    )
}

#[test]
fn operations_are_called_at_servers_of_their_own() {
    let servers = [
        "https://upload.example.com/v2/",
        "https://upload.example.com/v2",
        "https://pets.example.com/v1",
        "/v3",
    ];
    let (servers, notes) = servers_of(pets(), &servers);
    let expected = [
        "https://upload.example.com/v2",
        "https://pets.example.com/v3",
    ];
    assert_eq!(servers, expected);
    assert_eq!(notes, [""; 0]);
}

#[test]
fn a_server_of_an_operation_that_cannot_be_called_is_said() {
    for (url, why) in [
        ("http://upload.example.com", "is http beside"),
        ("ftp://upload.example.com", "neither https nor http"),
        ("//upload.example.com", "no absolute URL"),
        ("https://u@upload.example.com", "no host"),
    ] {
        let (servers, notes) = servers_of(pets(), &[url]);
        assert_eq!(servers, [""; 0], "{url}");
        assert!(
            notes[0].contains(url) && notes[0].contains(why),
            "{notes:?}"
        );
    }
}

#[test]
fn the_credentials_of_a_preset_go_to_no_host_but_its_own() {
    let declared = Declared {
        server: Some("https://api.cloudflare.com/client/v4".to_owned()),
        ..pets()
    };
    let servers = [
        "https://api.cloudflare.com/client/v5",
        "https://api.cloudflare.com.example/v4",
        "https://api.cloudflare.com:8443/v4",
    ];
    let (servers, notes) = servers_of(declared, &servers);
    assert_eq!(servers, ["https://api.cloudflare.com/client/v5"]);
    assert_eq!(notes.len(), 2);
}

#[test]
fn a_document_without_a_preset_has_its_own_credentials_and_variables() {
    let (protocol, notes) = resolve(&pets(), &Plan::for_package("pets")).expect("a protocol");
    assert_eq!(notes, []);
    assert_eq!(protocol.base_url, "https://pets.example.com/v1");
    assert_eq!(protocol.base_url_variable, "PETS_BASE_URL");
    assert_eq!(protocol.schemes[0].variables, ["PETS_PET_KEY"]);
    assert_eq!(protocol.credentials[0].method, "pet_key");
    assert_eq!(protocol.transient_statuses, TRANSIENT_STATUSES);
    assert!(protocol.codes.authentication.is_empty());
    let text = format!("{protocol:?}").to_lowercase();
    assert!(!text.contains("cloudflare"), "{text}");
}

#[test]
fn the_preset_of_the_server_is_taken_without_a_plan() {
    let declared = Declared {
        server: Some("https://api.cloudflare.com/client/v4".to_owned()),
        ..pets()
    };
    let (protocol, _) = resolve(&declared, &Plan::for_package("dns")).expect("a protocol");
    assert_eq!(protocol.preset.as_deref(), Some("cloudflare"));
    assert_eq!(protocol.base_url_variable, "CLOUDFLARE_BASE_URL");
    let methods: Vec<&str> = protocol
        .credentials
        .iter()
        .map(|it| it.method.as_str())
        .collect();
    assert_eq!(methods, ["token", "email_and_key", "user_service_key"]);
}

#[test]
fn a_preset_is_refused_for_the_server_of_another_api() {
    let plan = Plan {
        preset: Some("cloudflare".to_owned()),
        ..Plan::for_package("pets")
    };
    let error = resolve(&pets(), &plan).expect_err("another API's server");
    assert_eq!(
        error.to_string(),
        "plan:1: the preset `cloudflare` is for https://api.cloudflare.com/client/v4, but the document's server is `https://pets.example.com/v1`; a client would send the credentials of the one to the other: remove the preset, or correct the server"
    );
}

#[test]
fn a_preset_that_is_none_is_named_with_what_is_near() {
    let plan = Plan {
        preset: Some("cloudfare".to_owned()),
        ..Plan::for_package("pets")
    };
    let error = resolve(&pets(), &plan).expect_err("no preset").to_string();
    assert!(error.contains("near it: `cloudflare`"), "{error}");
}

#[test]
fn several_schemes_of_one_requirement_are_one_method() {
    let declared = Declared {
        schemes: vec![
            scheme("email", header("X-Email")),
            scheme("key", header("X-Key")),
            scheme("login", Placement::Basic),
            scheme("bearerAuth", Placement::Bearer),
        ],
        requirements: vec![
            vec!["email".to_owned(), "key".to_owned()],
            vec!["login".to_owned()],
            vec!["bearerAuth".to_owned()],
            vec![],
            vec!["gone".to_owned()],
        ],
        ..pets()
    };
    let (protocol, _) = resolve(&declared, &Plan::for_package("pets")).expect("a protocol");
    let methods: Vec<String> = protocol
        .credentials
        .iter()
        .map(|it| {
            let arguments: Vec<&str> = it.arguments.iter().map(|it| it.name.as_str()).collect();
            format!("{}({})", it.method, arguments.join(", "))
        })
        .collect();
    assert_eq!(
        methods,
        [
            "email_and_key(email, key)",
            "basic_auth(username, password)",
            "token(token)"
        ]
    );
    assert_eq!(
        protocol.schemes[2].variables,
        ["PETS_LOGIN_USERNAME", "PETS_LOGIN_PASSWORD"]
    );
}

#[test]
fn schemes_that_no_operation_asks_for_are_sent_with_every_call_and_said() {
    let declared = Declared {
        requirements: Vec::new(),
        says_security: false,
        ..pets()
    };
    let (protocol, notes) = resolve(&declared, &Plan::for_package("pets")).expect("a protocol");
    assert_eq!(protocol.security, SecuritySource::Client);
    assert_eq!(protocol.credentials.len(), 1);
    assert_eq!(notes[0].pointer, "/security");
}

#[test]
fn a_server_that_can_never_work_is_said_while_generating() {
    for url in [
        "/v1",
        "",
        "ftp://a.example",
        "https://",
        "https://{host}/v1",
        "https://a b/",
        "https://user@a.example",
        "https://a.example?x=1",
    ] {
        let declared = Declared {
            server: Some(url.to_owned()),
            ..pets()
        };
        let (protocol, notes) = resolve(&declared, &Plan::for_package("pets")).expect("a protocol");
        assert_eq!(protocol.base_url, "", "{url}");
        assert_eq!(notes[0].pointer, "/servers/0/url", "{url}");
    }
}

#[test]
fn names_of_credentials_never_meet_those_of_the_builder() {
    let declared = Declared {
        schemes: vec![scheme("header", header("A")), scheme("build", header("B"))],
        requirements: vec![vec!["header".to_owned()], vec!["build".to_owned()]],
        ..pets()
    };
    let (protocol, _) = resolve(&declared, &Plan::for_package("pets")).expect("a protocol");
    let methods: Vec<&str> = protocol
        .credentials
        .iter()
        .map(|it| it.method.as_str())
        .collect();
    assert_eq!(methods, ["header_2", "build_2"]);
}
