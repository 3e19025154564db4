using System.Buffers.Binary;

namespace EdgeHub.Tests.Sensors.I2c;

/// <summary>A BME280 with the trimming values of the data sheet's worked example (BMP280 data sheet BST-BMP280-DS001, 3.12; the same for temperature and pressure), which measures when it is told to.</summary>
sealed class Bme280Double : RegisterDouble
{
    static readonly int[] Trimming = [27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000];

    public Bme280Double()
    {
        Registers[0xD0] = 0x60;
        for (var i = 0; i < Trimming.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(Registers.AsSpan(0x88 + (2 * i)), unchecked((short)Trimming[i]));
        Registers[0xA1] = 75; // H1
        BinaryPrimitives.WriteInt16LittleEndian(Registers.AsSpan(0xE1), 362); // H2
        Registers[0xE3] = 0; // H3
        Registers[0xE4] = 313 >> 4; // H4, its low half in E5
        Registers[0xE5] = (313 & 0x0F) | ((50 & 0x0F) << 4); // H5, its low half here
        Registers[0xE6] = 50 >> 4;
        Registers[0xE7] = 30; // H6
    }

    public int Measurements { get; private set; }

    public (int Temperature, int Pressure, int Humidity) Raw { get; set; } = (519888, 415148, 28000);

    protected override void Written(int register)
    {
        if (register != 0xF4 || (Registers[0xF4] & 3) is 0 or 3)
            return;
        Measurements++;
        Put(0xF7, Raw.Pressure << 4, 3);
        Put(0xFA, Raw.Temperature << 4, 3);
        Put(0xFD, Registers[0xF2] == 1 ? Raw.Humidity : 0x8000, 2);
        Registers[0xF4] &= 0xFC; // Back to sleep.
    }

    void Put(int at, int value, int bytes)
    {
        for (var i = 0; i < bytes; i++)
            Registers[at + i] = (byte)(value >> (8 * (bytes - 1 - i)));
    }
}
