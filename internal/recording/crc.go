package recording

// polynomial is that of CRC-16/ARC, reflected, which FIT uses with a start
// value of 0.
const polynomial = 0xA001

// tables[k][b] is the checksum of byte b with k zero bytes behind it, so that
// eight bytes are taken in at once ("slicing by 8").
var tables = func() (t [8][256]uint16) {
	for b := range t[0] {
		crc := uint16(b)
		for range 8 {
			crc = crc>>1 ^ polynomial*(crc&1)
		}
		t[0][b] = crc
	}
	for k := 1; k < len(t); k++ {
		for b := range t[k] {
			crc := t[k-1][b]
			t[k][b] = crc>>8 ^ t[0][crc&0xFF]
		}
	}
	return t
}()

// checksum takes more bytes into a checksum. Over bytes and their own
// checksum, low byte first, it is 0.
func checksum(crc uint16, b []byte) uint16 {
	for ; len(b) >= 8; b = b[8:] {
		crc = tables[7][b[0]^byte(crc)] ^ tables[6][b[1]^byte(crc>>8)] ^
			tables[5][b[2]] ^ tables[4][b[3]] ^ tables[3][b[4]] ^ tables[2][b[5]] ^ tables[1][b[6]] ^ tables[0][b[7]]
	}
	for _, x := range b {
		crc = crc>>8 ^ tables[0][byte(crc)^x]
	}
	return crc
}
