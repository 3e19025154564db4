using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// A Nova SDS011 (laser dust sensor control protocol V1.3): each second <c>AA C0</c>, PM2.5 and PM10 in tenths, low byte first, two
/// bytes of identity, the sum of those six, <c>AB</c>. Commands have 19 bytes; it can be asked instead, and sleep.
/// </summary>
public sealed class Sds011 : DeviceDouble
{
    const byte IdLow = 0xA1;
    const byte IdHigh = 0x60;

    readonly CommandFramer framer = new(19, [0xAA, 0xB4], command => command[18] == 0xAB && (byte)command[2..17].Sum(part => part) == command[17]);
    readonly Signal fine;
    readonly Signal coarse;
    readonly TimeSpan pace;

    public Sds011(string sensorId, ulong seed, TimeSpan? pace = null)
        : base(sensorId, "sds011", seed)
    {
        this.pace = pace ?? TimeSpan.FromSeconds(1);
        fine = Add(new Quantity("pm2_5", "ug/m3"), new ValueRange(0, 50, 1500, 9999), stepsPerUnit: 10);
        coarse = Add(new Quantity("pm10", "ug/m3"), new ValueRange(0, 80, 2500, 9999), stepsPerUnit: 10);
    }

    public override TimeSpan? Pace => pace;

    /// <summary>Whether it sends by itself.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>Whether laser and fan are off.</summary>
    public bool IsAsleep { get; private set; }

    public override Emission? Speak() => IsActive && !IsAsleep ? Measure() : null;

    public override IReadOnlyList<Emission> Hear(ReadOnlySpan<byte> bytes) => [.. framer.Push(bytes).Select(Obey).OfType<Emission>()];

    Emission? Obey(byte[] command)
    {
        switch (command[2], command[3])
        {
            case (0x02, 1):
                IsActive = command[4] == 0;
                break;
            case (0x06, 1):
                IsAsleep = command[4] == 0;
                break;
            case (0x04, _):
                return IsAsleep ? null : Measure();
            default:
                return null;
        }

        return new Emission(Frame(0xC5, command[2], command[3], command[4], 0), []);
    }

    Emission Measure()
    {
        var (small, large) = (fine.Next(), coarse.Next());
        return new Emission(Frame(0xC0, (byte)small.Raw, (byte)(small.Raw >> 8), (byte)large.Raw, (byte)(large.Raw >> 8)), [small.Sent, large.Sent]);
    }

    static byte[] Frame(byte kind, byte one, byte two, byte three, byte four) =>
        [0xAA, kind, one, two, three, four, IdLow, IdHigh, (byte)(one + two + three + four + IdLow + IdHigh), 0xAB];
}
