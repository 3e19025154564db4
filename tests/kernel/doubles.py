"""What is wired to the machine, from the data sheets and apart from what reads it."""
import socket, struct, threading


def pms5003(pm2_5):
    """PMS5003 data manual V2.3, appendix I: 42 4D, the length 28, thirteen words, the sum of all before."""
    words = [0] * 13
    words[4] = pm2_5  # Data 5: PM2.5 under atmospheric environment.
    frame = b"\x42\x4d" + struct.pack(">14H", 28, *words)
    return frame + struct.pack(">H", sum(frame))


def line(value):
    return f"{value}\r\n".encode()


class Talker(threading.Thread):
    """An instrument that sends by itself each second; unplugged it is gone with its socket."""

    def __init__(self, connection, message):
        super().__init__(daemon=True)
        self.connection, self.message, self.unplugged = connection, message, threading.Event()
        self.start()

    def run(self):
        while not self.unplugged.wait(1):
            try:
                self.connection.sendall(self.message)
            except OSError:
                return

    def unplug(self):
        self.unplugged.set()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()


def bme280():
    """Registers and bytes: the trimming values and raw values of the worked example (BMP280 data sheet, 3.12), which gives 25.08 degrees and 100653.27 Pa; no humidity."""
    trimming = struct.pack("<12h", 27504, 26435, -1000, 36477 - 65536, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000)
    pressure, temperature = 415148, 519888
    data = (pressure << 4).to_bytes(3, "big") + (temperature << 4).to_bytes(3, "big") + b"\x80\x00"
    return [(0xD0, b"\x60"), (0x88, trimming), (0xE1, bytes(7)), (0xF7, data)]


def sht3x(temperature, humidity):
    """The answer to 24 00 (SHT3x-DIS data sheet, 4.3, 4.12, 4.13). The bus takes 24 for a register and 00 for what is written there, so the answer begins at 25."""
    words = [round((temperature + 45) / 175 * 65535), round(humidity / 100 * 65535)]
    return [(0x25, b"".join(word.to_bytes(2, "big") + bytes([crc8(word.to_bytes(2, "big"))]) for word in words))]


def bh1750(lux):
    """The answer to 20 (BH1750FVI technical note, instruction set; counts are lux times 1.2)."""
    return [(0x20, round(lux * 1.2).to_bytes(2, "big"))]


def crc8(data):
    """Polynomial 31, initial FF."""
    crc = 0xFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x31 if crc & 0x80 else crc << 1) & 0xFF
    return crc
