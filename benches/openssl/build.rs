//! Compiles the peer against the system's libcrypto.

fn main() {
    println!("cargo::rerun-if-changed=src/peer.c");
    cc::Build::new()
        .file("src/peer.c")
        .warnings_into_errors(true)
        .compile("peer");
    println!("cargo::rustc-link-lib=crypto");
}
