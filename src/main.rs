//! The program `kelisim`: see `cli`.

fn main() {}
