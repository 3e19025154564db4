using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// A Winsen MH-Z19 (user's manual V1.6): asked by <c>FF 01 86 … 79</c> it answers <c>FF 86 high low … sum</c>. Self-calibration is on
/// as it leaves the factory. What a host must never send by itself, it counts.
/// </summary>
public sealed class MhZ19 : DeviceDouble
{
    readonly CommandFramer framer = new(9, [0xFF, 0x01], command => WinsenSum.Of(command) == command[8]);
    readonly Signal gas;

    public MhZ19(string sensorId, ulong seed)
        : base(sensorId, "mh-z19", seed) =>
        gas = Add(new Quantity("co2", "[ppm]"), new ValueRange(0, 400, 2000, 5000));

    /// <summary>Whether it takes the lowest value of a day for fresh air.</summary>
    public bool SelfCalibrates { get; private set; } = true;

    /// <summary>How often it was told to take the present air for zero or span.</summary>
    public int Calibrations { get; private set; }

    public override IReadOnlyList<Emission> Hear(ReadOnlySpan<byte> bytes) => [.. framer.Push(bytes).Select(Obey).OfType<Emission>()];

    Emission? Obey(byte[] command)
    {
        switch (command[2])
        {
            case 0x86:
                var sample = gas.Next();
                return new Emission(WinsenSum.Close([0xFF, 0x86, (byte)(sample.Raw >> 8), (byte)sample.Raw, 0x40, 0, 0, 0]), [sample.Sent]);
            case 0x79:
                SelfCalibrates = command[3] == 0xA0;
                return null;
            case 0x87 or 0x88:
                Calibrations++;
                return null;
            default:
                return null;
        }
    }
}
