using System.Buffers.Binary;
using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// A Plantower PMS5003 particle sensor (data manual V2.5, appendices I and II): a 32 byte frame
/// <c>42 4D 00 1C</c>, thirteen big-endian words, and the 16 bit sum of the first 30 bytes.
/// In active mode it streams; in passive mode it sends on request; asleep it does neither.
/// </summary>
public sealed class Pms5003 : DeviceDouble
{
    private const int FrameBytes = 32;
    private const int WordBytes = 2;
    private const int HeaderBytes = 4;
    private const byte Version = 0x97;

    /// <summary>In the order of the words in the frame; the thirteenth is version and error code.</summary>
    private static readonly (Quantity Quantity, int Low, int High)[] Words =
    [
        (new("pm1_0_cf1", "ug/m3"), 10, 110),
        (new("pm2_5_cf1", "ug/m3"), 111, 230),
        (new("pm10_cf1", "ug/m3"), 231, 500),
        (new("pm1_0", "ug/m3"), 8, 95),
        (new("pm2_5", "ug/m3"), 96, 200),
        (new("pm10", "ug/m3"), 201, 450),
        (new("n0_3", "/(100.mL)"), 9000, 20000),
        (new("n0_5", "/(100.mL)"), 3000, 8999),
        (new("n1_0", "/(100.mL)"), 900, 2999),
        (new("n2_5", "/(100.mL)"), 300, 899),
        (new("n5_0", "/(100.mL)"), 100, 299),
        (new("n10", "/(100.mL)"), 0, 99),
    ];

    /// <summary>The sensor's fast mode has 0.2 to 0.8 s.</summary>
    private static readonly TimeSpan FastMode = TimeSpan.FromSeconds(0.5);

    private readonly PmsCommandFramer _framer = new();
    private readonly Signal[] _words;
    private readonly TimeSpan _pace;

    /// <summary>Makes a sensor that is awake and in active mode, as it is after power-up.</summary>
    /// <param name="pace">From one frame to the next in active mode; null is 0.5 s.</param>
    public Pms5003(string sensorId, ulong seed, TimeSpan? pace = null)
        : base(sensorId, "pms5003", seed)
    {
        _pace = pace ?? FastMode;
        _words = [.. Words.Select(word => Add(word.Quantity, ValueRange.Unsigned16(word.Low, word.High)))];
    }

    /// <inheritdoc />
    public override TimeSpan? Pace => _pace;

    /// <summary>Whether it streams by itself.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>Whether the fan stands still.</summary>
    public bool IsAsleep { get; private set; }

    /// <summary>A data frame of fresh values.</summary>
    public Emission Measure()
    {
        Sample[] samples = [.. _words.Select(word => word.Next())];
        return new Emission(Encode([.. samples.Select(sample => (int)sample.Raw)]), [.. samples.Select(sample => sample.Sent)]);
    }

    /// <inheritdoc />
    public override Emission? Speak() => IsActive && !IsAsleep ? Measure() : null;

    /// <inheritdoc />
    public override IReadOnlyList<Emission> Hear(ReadOnlySpan<byte> bytes)
    {
        var answers = new List<Emission>();
        foreach (var next in bytes)
        {
            if (_framer.Push(next) is { } command && Obey(command) is { } answer)
            {
                answers.Add(answer);
            }
        }

        return answers;
    }

    /// <summary>
    /// Obeys a host command. Returns the frame it answers with, if any: an acknowledgement for
    /// "passive" and "sleep", data for "read" in passive mode. "Active" and "wake" are answered by the stream.
    /// </summary>
    public Emission? Obey(PmsCommand command)
    {
        switch (command)
        {
            case { Code: PmsCommand.ChangeMode, Data: 0 }:
                IsActive = false;
                return Acknowledge(command);
            case { Code: PmsCommand.ChangeMode, Data: 1 }:
                IsActive = true;
                return null;
            case { Code: PmsCommand.ChangeSleep, Data: 0 }:
                IsAsleep = true;
                return Acknowledge(command);
            case { Code: PmsCommand.ChangeSleep, Data: 1 }:
                IsAsleep = false;
                return null;
            case { Code: PmsCommand.Read }:
                return IsActive || IsAsleep ? null : Measure();
            default:
                return null;
        }
    }

    /// <summary>Encodes the twelve measured words, in the order of <see cref="Quantities"/>, into a data frame.</summary>
    public static byte[] Encode(ReadOnlySpan<int> words)
    {
        var frame = new byte[FrameBytes];
        ReadOnlySpan<byte> header = [0x42, 0x4D, 0x00, FrameBytes - HeaderBytes];
        header.CopyTo(frame);
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(HeaderBytes + (i * WordBytes)), (ushort)words[i]);
        }

        frame[HeaderBytes + (words.Length * WordBytes)] = Version;
        return Sum(frame);
    }

    private static Emission Acknowledge(PmsCommand command) =>
        new(Sum([0x42, 0x4D, 0x00, 0x04, command.Code, (byte)command.Data, 0, 0]), []);

    private static byte[] Sum(byte[] frame)
    {
        var sum = 0;
        foreach (var part in frame.AsSpan(0, frame.Length - WordBytes))
        {
            sum += part;
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(frame.Length - WordBytes), (ushort)sum);
        return frame;
    }
}
