//! The checksum of everything that is stored or handed on.

use std::sync::LazyLock;

use crc::{CRC_32_ISO_HDLC, Crc, Table};

/// The CRC-32 of zip files and Ethernet, 16 bytes at a time: 3 GB a second as WebAssembly, and byte
/// by byte 0.3. Its tables of 16 KiB are made when they are first needed: the program would have to
/// bring them along, and nothing compresses them.
pub static CRC_32: LazyLock<Crc<u32, Table<16>>> =
    LazyLock::new(|| Crc::<u32, Table<16>>::new(&CRC_32_ISO_HDLC));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_is_right() {
        assert_eq!(CRC_32.checksum(b"123456789"), 0xcbf4_3926);
    }
}
