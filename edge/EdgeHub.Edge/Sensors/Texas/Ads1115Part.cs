using System.Buffers.Binary;
using System.Device.I2c;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.I2c;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Texas;

/// <summary>
/// One conversion a channel each time: single shot, 128 a second, full scale 4.096 V, so 125 uV a step.
/// Source: Texas Instruments ADS1115 data sheet SBAS444, 9.6 (registers 00 conversion, 01 configuration).
/// </summary>
public sealed class Ads1115Part(IReadOnlyList<AnalogInput> inputs) : I2cPart
{
    const byte Conversion = 0x00;
    const byte Configuration = 0x01;
    const int SingleShot = 0xC383; // Start; input 0 against ground; 4.096 V; single shot; 128 a second; no comparator.
    const int Ready = 0x8000;
    const int ChannelShift = 12;
    const double VoltsPerStep = 125e-6;
    const int LooksMax = 5;

    static readonly TimeSpan Converting = TimeSpan.FromMilliseconds(9); // 1/128 s and a tenth more.

    public override async Task<SensorFrame?> ReadAsync(I2cDevice device, Wait wait)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(wait);
        var values = new SensorValue[inputs.Count];
        string? fault = null;
        for (var i = 0; i < values.Length; i++)
        {
            var (value, quality, wrong) = inputs[i].Convert(await ConvertAsync(device, wait, inputs[i].Channel) * VoltsPerStep);
            values[i] = new SensorValue(i, value, quality);
            fault ??= wrong;
        }

        return new SensorFrame(values, fault);
    }

    static async Task<short> ConvertAsync(I2cDevice device, Wait wait, int channel)
    {
        var configuration = SingleShot | (channel << ChannelShift);
        device.Write([Configuration, (byte)(configuration >> 8), (byte)configuration]);
        var bytes = new byte[2];
        for (var look = 0; look < LooksMax; look++)
        {
            await wait(Converting);
            device.WriteRead([Configuration], bytes);
            if ((BinaryPrimitives.ReadUInt16BigEndian(bytes) & Ready) == 0)
                continue;
            device.WriteRead([Conversion], bytes);
            return BinaryPrimitives.ReadInt16BigEndian(bytes);
        }

        throw new LineException(Condition.Fault, "it converts without end: this is no ADS1115, or its supply must be switched off and on.");
    }
}
