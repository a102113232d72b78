//! Bytes, time and trust anchors in; a verdict out.
