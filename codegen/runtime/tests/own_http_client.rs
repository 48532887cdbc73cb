//! HTTP clients of the caller's own, proxies, and certificates. What they do depends
//! on the environment, and on what a process did before; so each test runs as a
//! process of its own.

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "it/support.rs"]
mod support;

use std::process::Command;

use client_runtime::internal::{Core, CoreBuilder};
use client_runtime::{Error, Request};
use serde_json::json;

use support::{GET, PROTOCOL, SECRET, Server, ok, with_token};

/// Says that a process is the test's own.
const CHILD: &str = "OWN_HTTP_CLIENT_CHILD";

/// Whether this is the test's own process; otherwise it was run, and succeeded.
fn is_child(test: &str, variables: &[(&str, &str)]) -> bool {
    if std::env::var_os(CHILD).is_some() {
        return true;
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "1");
    for name in [
        "http_proxy",
        "HTTP_PROXY",
        "all_proxy",
        "ALL_PROXY",
        "no_proxy",
        "NO_PROXY",
    ] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success(),
        "{}{text}",
        String::from_utf8_lossy(&output.stdout)
    );
    false
}

/// Runs a test that calls servers.
fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(test);
}

async fn call(client: &Core) -> Result<(), Error> {
    Request::new(client, &GET).send_unit().await.map(drop)
}

#[test]
fn a_new_http_client_can_be_given_to_a_builder() {
    if !is_child("a_new_http_client_can_be_given_to_a_builder", &[]) {
        return;
    }
    run(async {
        let server = Server::responding(vec![ok(json!(1))]).await;
        let builder = CoreBuilder::new(&PROTOCOL)
            .http_client(reqwest::Client::new())
            .credential("api_token", SECRET);
        call(&builder.base_url(server.url()).build().unwrap())
            .await
            .unwrap();
    });
}

#[test]
fn settings_of_an_http_client_can_be_given_to_a_builder() {
    if !is_child("settings_of_an_http_client_can_be_given_to_a_builder", &[]) {
        return;
    }
    run(async {
        let settings = reqwest::Client::builder().user_agent("mine");
        let server = Server::responding(vec![ok(json!(1))]).await;
        let builder = server.builder().http_builder(settings);
        call(&builder.build().unwrap()).await.unwrap();
        assert_eq!(server.received()[0].header("user-agent"), Some("mine"));
    });
}

/// A proxy that nothing is to be sent to: whoever connects finds nobody.
const PROXY: &[(&str, &str)] = &[
    ("HTTP_PROXY", "http://127.0.0.1:1"),
    ("ALL_PROXY", "http://127.0.0.1:1"),
];

#[test]
fn no_proxy_of_the_environment_is_sent_a_token_in_plain_text() {
    if !is_child(
        "no_proxy_of_the_environment_is_sent_a_token_in_plain_text",
        PROXY,
    ) {
        return;
    }
    run(async {
        let server = Server::responding(vec![ok(json!(1))]).await;
        call(&server.client()).await.unwrap();
        let settings = server.builder().http_builder(reqwest::Client::builder());
        call(&settings.build().unwrap()).await.unwrap();
        let proxy = reqwest::Proxy::all("http://127.0.0.1:1").unwrap();
        let settings = reqwest::Client::builder().proxy(proxy);
        call(&server.builder().http_builder(settings).build().unwrap())
            .await
            .unwrap();
        let ready = server.builder().http_client(reqwest::Client::new());
        let error = ready.build().unwrap_err().to_string();
        assert!(
            error.contains("HTTP_PROXY") && error.contains("no_proxy()"),
            "{error}"
        );
        let own = reqwest::Client::builder().no_proxy().build().unwrap();
        call(&server.builder().http_client(own).build().unwrap())
            .await
            .unwrap();
        assert_eq!(server.received().len(), 4);
        // Nothing is sent in plain text there.
        let https = with_token("x").http_client(reqwest::Client::new());
        assert!(https.build().is_ok());
    });
}

#[test]
fn a_machine_of_one_s_own_may_be_left_out_of_the_proxy() {
    let variables = [PROXY, &[("NO_PROXY", "localhost,127.0.0.1")]].concat();
    if !is_child(
        "a_machine_of_one_s_own_may_be_left_out_of_the_proxy",
        &variables,
    ) {
        return;
    }
    run(async {
        let server = Server::responding(vec![ok(json!(1))]).await;
        let ready = server.builder().http_client(reqwest::Client::new());
        call(&ready.build().unwrap()).await.unwrap();
    });
}

#[test]
fn a_proxy_that_is_asked_for_is_used() {
    if !is_child("a_proxy_that_is_asked_for_is_used", PROXY) {
        return;
    }
    run(async {
        let proxy = Server::responding(vec![ok(json!(1))]).await;
        let builder = with_token(SECRET).base_url("http://127.0.0.1:9/v4");
        let proxy_url = format!("http://user:word@127.0.0.1:{}", proxy.port);
        call(&builder.proxy(proxy_url).build().unwrap())
            .await
            .unwrap();
        let received = &proxy.received()[0];
        assert_eq!(received.target, "http://127.0.0.1:9/v4/things");
        let authorization = received.header("proxy-authorization");
        assert_eq!(authorization, Some("Basic dXNlcjp3b3Jk"));
    });
}

#[test]
fn the_environment_is_read() {
    let variables = [
        ("CLOUDFLARE_API_TOKEN", " token\n"),
        ("CLOUDFLARE_BASE_URL", " http://localhost/v4 "),
    ];
    if !is_child("the_environment_is_read", &variables) {
        return;
    }
    let client = CoreBuilder::new(&PROTOCOL)
        .read_env()
        .unwrap()
        .build()
        .unwrap();
    let text = format!("{client:?}");
    assert!(text.contains("http://localhost/v4"), "{text}");
}

/// A server of a single response over TLS, with a certificate of the test's own root.
#[cfg(feature = "rustls")]
fn tls_server() -> u16 {
    use std::io::{Read, Write};
    use std::sync::Arc;

    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    let certificate = CertificateDer::from_pem_slice(include_bytes!("tls/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let mut connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = rustls::Stream::new(&mut connection, &mut stream);
            if tls.read(&mut [0; 4096]).is_ok_and(|length| length > 0) {
                let head = "HTTP/1.1 200 X\r\nconnection: close\r\ncontent-length: 12\r\n\r\n";
                let _ = tls.write_all(format!("{head}{{\"result\":1}}").as_bytes());
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    });
    port
}

#[cfg(feature = "rustls")]
#[test]
fn a_certificate_of_one_s_own_root_is_trusted_where_that_is_given() {
    if !is_child(
        "a_certificate_of_one_s_own_root_is_trusted_where_that_is_given",
        &[],
    ) {
        return;
    }
    run(async {
        let url = format!("https://localhost:{}", tls_server());
        let builder = || with_token(SECRET).base_url(&url).max_retries(0);
        let error = call(&builder().build().unwrap()).await.unwrap_err();
        assert!(matches!(error, Error::Transport(_)), "{error}");
        let root = include_bytes!("tls/root.pem");
        let trusting = builder().root_certificate(&root[..]).build().unwrap();
        call(&trusting).await.unwrap();
        let settings = builder().http_builder(reqwest::Client::builder().no_proxy());
        call(&settings.root_certificate(&root[..]).build().unwrap())
            .await
            .unwrap();
    });
}
