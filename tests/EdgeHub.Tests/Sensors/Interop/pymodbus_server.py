"""A Modbus server that is not ours: pymodbus with known registers. Arguments: tcp PORT | rtu DEVICE | rtu-over-tcp PORT.

Prints "ready" once it listens. Holding registers count up from 0x1000 by address; input registers hold the float 230.1 in each of the
four word orders from 0, an unsigned 64-bit number at 8 and BCD at 12; coil n is set when n is a multiple of 3.
"""
import asyncio
import struct
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.server import async_io
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer


def words(data):
    return list(struct.unpack(f">{len(data) // 2}H", data))


abcd = struct.pack(">f", 230.1)
a, b, c, d = (bytes([x]) for x in abcd)
inputs = words(abcd) + words(c + d + a + b) + words(b + a + d + c) + words(d + c + b + a)
inputs += words(struct.pack(">Q", 1234567890123)) + [0x1234, 0x5678]
slave = ModbusSlaveContext(
    di=ModbusSequentialDataBlock(0, [n % 2 for n in range(64)]),
    co=ModbusSequentialDataBlock(0, [n % 3 == 0 for n in range(64)]),
    hr=ModbusSequentialDataBlock(0, [0x1000 + n for n in range(200)]),
    ir=ModbusSequentialDataBlock(0, inputs + [0] * 50),
    zero_mode=True,
)
identity = ModbusDeviceIdentification()
identity.VendorName = "pymodbus"
identity.ProductCode = "PM"
identity.MajorMinorRevision = "3.0"
context = ModbusServerContext(slaves={1: slave, 7: slave}, single=False)


async def main(kind, where):
    if kind == "rtu":
        server = async_io.ModbusSerialServer(context, framer=ModbusRtuFramer, identity=identity, port=where, baudrate=9600, timeout=1, ignore_missing_slaves=True)
        await server.start()
    else:
        framer = ModbusRtuFramer if kind == "rtu-over-tcp" else ModbusSocketFramer
        server = async_io.ModbusTcpServer(context, framer=framer, identity=identity, address=("127.0.0.1", int(where)), ignore_missing_slaves=True)
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:3]))
