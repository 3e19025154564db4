using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// A Winsen ZE module: each second <c>FF gas unit decimals value value range range sum</c>. A ZE08 can be set to question and answer
/// (<c>FF 01 78 41 …</c>) and then answers <c>FF 86 ug/m3 … ppb sum</c>.
/// </summary>
public sealed class ZeModule : DeviceDouble
{
    readonly CommandFramer framer = new(9, [0xFF, 0x01], command => WinsenSum.Of(command) == command[8]);
    readonly Signal gas;
    readonly byte[] head;
    readonly int range;
    readonly TimeSpan pace;

    ZeModule(string sensorId, string model, ulong seed, TimeSpan? pace, Quantity quantity, ValueRange values, double stepsPerUnit, byte[] head)
        : base(sensorId, model, seed)
    {
        this.pace = pace ?? TimeSpan.FromSeconds(1);
        (this.head, range) = (head, (int)values.Maximum);
        gas = Add(quantity, values, stepsPerUnit);
    }

    public override TimeSpan? Pace => pace;

    /// <summary>Whether it sends by itself.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>Carbon monoxide: gas 04, ppm, one decimal, to 500 ppm. Source: ZE07-CO manual V1.1.</summary>
    public static ZeModule Ze07Co(string sensorId, ulong seed, TimeSpan? pace = null) =>
        new(sensorId, "ze07-co", seed, pace, new Quantity("co", "[ppm]"), new ValueRange(0, 0, 300, 5000), 10, [0xFF, 0x04, 0x03, 0x01]);

    /// <summary>Formaldehyde: gas 17, ppb, to 5000 ppb. Source: ZE08-CH2O manual V1.0.</summary>
    public static ZeModule Ze08Ch2O(string sensorId, ulong seed, TimeSpan? pace = null) =>
        new(sensorId, "ze08-ch2o", seed, pace, new Quantity("ch2o", "[ppb]"), new ValueRange(0, 5, 200, 5000), 1, [0xFF, 0x17, 0x04, 0x00]);

    public override Emission? Speak()
    {
        if (!IsActive)
            return null;
        var sample = gas.Next();
        return new Emission(WinsenSum.Close([.. head, (byte)(sample.Raw >> 8), (byte)sample.Raw, (byte)(range >> 8), (byte)range]), [sample.Sent]);
    }

    public override IReadOnlyList<Emission> Hear(ReadOnlySpan<byte> bytes) => [.. framer.Push(bytes).Select(Obey).OfType<Emission>()];

    Emission? Obey(byte[] command)
    {
        switch (command[2], command[3])
        {
            case (0x78, 0x40 or 0x41):
                IsActive = command[3] == 0x40;
                return new Emission(WinsenSum.Close([0xFF, 0x78, 0x01, 0, 0, 0, 0, 0]), []);
            case (0x86, _) when !IsActive:
                var sample = gas.Next();
                var mass = (int)(sample.Raw * 1.23); // ppb of formaldehyde in ug/m3 at 25 Cel.
                return new Emission(WinsenSum.Close([0xFF, 0x86, (byte)(mass >> 8), (byte)mass, 0, 0, (byte)(sample.Raw >> 8), (byte)sample.Raw]), [sample.Sent]);
            default:
                return null;
        }
    }
}
