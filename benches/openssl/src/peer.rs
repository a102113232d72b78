//! OpenSSL's `CMS_verify`, called through `peer.c`.

use std::ptr::NonNull;

use crate::material::{Material, now};

#[repr(C)]
#[derive(Clone, Copy)]
struct Slice {
    start: *const u8,
    length: usize,
}

#[repr(C)]
struct Opaque {
    _private: [u8; 0],
}

unsafe extern "C" {
    fn cpu_nanoseconds() -> u64;
    fn peer_new(parts: *const Slice, now: i64) -> *mut Opaque;
    fn peer_free(peer: *mut Opaque);
    fn peer_verify(peer: *mut Opaque, signature: *const Slice, document: *const Slice) -> i32;
    fn peer_verify_fresh(
        parts: *const Slice,
        now: i64,
        signature: *const Slice,
        document: *const Slice,
    ) -> i32;
    fn peer_list_new(list: *const Slice, signer: *const Slice) -> *mut Opaque;
    fn peer_list_free(list: *mut Opaque);
    fn peer_list_names(list: *mut Opaque, serial: *const Slice) -> i32;
}

/// CPU time of this thread in nanoseconds: other programs on the machine do not count.
pub(crate) fn cpu() -> u64 {
    // SAFETY: it takes nothing and fails never.
    unsafe { cpu_nanoseconds() }
}

/// A store of OpenSSL that was filled once.
pub(crate) struct Store(NonNull<Opaque>);

impl Store {
    /// Nothing when OpenSSL cannot read the material.
    pub(crate) fn new(material: &Material) -> Option<Self> {
        let parts = parts(material);
        // SAFETY: four slices as demanded; they outlive the call, which copies them.
        let store = unsafe { peer_new(parts.as_ptr(), now().timestamp()) };
        NonNull::new(store).map(Self)
    }

    pub(crate) fn verify(&self, signature: &[u8], document: &[u8]) -> bool {
        let (signature, document) = (Slice::of(signature), Slice::of(document));
        // SAFETY: the store is alive, and the slices outlive the call.
        unsafe { peer_verify(self.0.as_ptr(), &signature, &document) == 1 }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // SAFETY: it was made by `peer_new` and is freed once.
        unsafe { peer_free(self.0.as_ptr()) }
    }
}

/// A revocation list as OpenSSL keeps it.
pub(crate) struct List(NonNull<Opaque>);

impl List {
    /// Nothing when it cannot be read or the certificate's key did not sign it.
    pub(crate) fn new(list: &[u8], signer: &[u8]) -> Option<Self> {
        let (list, signer) = (Slice::of(list), Slice::of(signer));
        // SAFETY: both slices outlive the call, which copies what it keeps.
        let list = unsafe { peer_list_new(&list, &signer) };
        NonNull::new(list).map(Self)
    }

    /// Whether it names a serial number, an INTEGER in DER.
    pub(crate) fn names(&mut self, serial: &[u8]) -> bool {
        let serial = Slice::of(serial);
        // SAFETY: the list is alive and nobody else uses it; the slice outlives the call.
        unsafe { peer_list_names(self.0.as_ptr(), &serial) == 1 }
    }
}

impl Drop for List {
    fn drop(&mut self) {
        // SAFETY: it was made by `peer_list_new` and is freed once.
        unsafe { peer_list_free(self.0.as_ptr()) }
    }
}

/// Everything is read anew.
pub(crate) fn verify_fresh(material: &Material, signature: &[u8]) -> bool {
    let parts = parts(material);
    let (signature, document) = (Slice::of(signature), Slice::of(&material.document));
    // SAFETY: four slices as demanded; all outlive the call.
    unsafe { peer_verify_fresh(parts.as_ptr(), now().timestamp(), &signature, &document) == 1 }
}

fn parts(material: &Material) -> [Slice; 4] {
    let [own, roots] = &material.lists;
    [&material.anchor, &material.authority, own, roots].map(|der| Slice::of(der))
}

impl Slice {
    fn of(octets: &[u8]) -> Self {
        Self {
            start: octets.as_ptr(),
            length: octets.len(),
        }
    }
}
