//! An owner starts it.
