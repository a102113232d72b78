//! Whatever is tried.
