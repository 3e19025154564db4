using CsCheck;
using EdgeHub.Edge.Sensors.Plantower;

namespace EdgeHub.Tests.Sensors;

public sealed class Pms5003DecoderTests
{
    // Recomputed by an independent script from the data manual's layout.
    const string Golden = "424D001C0008000C000E0008000C000E05DC01AE0050000A0004000297000376";

    static readonly int[] GoldenValues = [8, 12, 14, 1500, 430, 80, 10, 4, 2, 8, 12, 14];

    public static TheoryData<string, string, PmsStatus[]> Streams => new()
    {
        { "one frame", Golden, [PmsStatus.Frame] },
        { "two frames", Golden + Golden, [PmsStatus.Frame, PmsStatus.Frame] },
        { "garbage before", "0102FF42" + Golden, [PmsStatus.Garbage, PmsStatus.Frame] },
        { "a start byte before", "42" + Golden, [PmsStatus.Garbage, PmsStatus.Frame] },
        { "the end of another frame before", Golden[20..] + Golden, [PmsStatus.Garbage, PmsStatus.Frame] },
        { "a flipped bit", Golden.Replace("05DC", "05DD", StringComparison.Ordinal) + Golden, [PmsStatus.BadChecksum, PmsStatus.Frame] },
        { "a frame cut short by the next", Golden[..30] + Golden + Golden, [PmsStatus.BadChecksum, PmsStatus.Frame, PmsStatus.Frame] },
        { "the answer to a command", "424D0004E1000174" + Golden, [PmsStatus.Frame] },
        { "a PMS3003", "424D0014" + string.Concat(Enumerable.Repeat("0001", 9)) + "00AC", [PmsStatus.OtherModel] },
        { "an impossible length", "424DFFFF" + Golden, [PmsStatus.Garbage, PmsStatus.Frame] },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_is_taken_apart_the_same_way_however_it_is_split(string name, string hex, PmsStatus[] expected)
    {
        var bytes = Convert.FromHexString(hex);
        foreach (var size in new[] { bytes.Length, 1, 7, 31 })
        {
            var found = Decode(bytes.Chunk(size));
            Assert.Equal(expected, found.Select(item => item.Status));
            foreach (var frame in found.Where(item => item.Status == PmsStatus.Frame))
                Assert.Equal(GoldenValues, frame.Frame!.Values);
        }

        Assert.NotEmpty(name); // The name is for the reader of a failure.
    }

    [Fact]
    public void The_golden_frame_carries_its_version_and_no_error()
    {
        var (_, frame) = Assert.Single(Decode([Convert.FromHexString(Golden)]));
        Assert.Equal((0x97, 0), (frame!.Version, frame.ErrorCode));
    }

    [Fact]
    public void Any_change_of_one_byte_is_never_a_frame() =>
        Gen.Select(Gen.Int[0, 31], Gen.Int[1, 255]).Sample((at, change) =>
        {
            var bytes = Convert.FromHexString(Golden);
            bytes[at] ^= (byte)change;
            return Decode([bytes]).All(item => item.Status != PmsStatus.Frame);
        });

    [Fact]
    public void Any_bytes_in_any_split_yield_only_frames_whose_sum_is_right() =>
        Gen.Select(Noise, Gen.Int[1, 40]).Sample((bytes, size) =>
        {
            var frames = Decode(bytes.Chunk(size)).Where(item => item.Status == PmsStatus.Frame).ToList();
            return frames.Count == CountTrueFrames(bytes);
        }, iter: 20_000);

    // Pieces of frames, whole frames and noise in any order: the soup a bad cable makes.
    static Gen<byte[]> Noise => Gen.OneOf(
        Gen.Byte.Array[0, 20],
        Gen.Const(Convert.FromHexString(Golden)),
        Gen.Select(Gen.Int[0, 31], Gen.Byte, (at, value) =>
        {
            var bytes = Convert.FromHexString(Golden);
            bytes[at] = value;
            return bytes;
        }),
        Gen.Int[1, 31].Select(length => Convert.FromHexString(Golden)[..length]),
        Gen.Const(Convert.FromHexString("424D001C"))).Array[0, 8].Select(parts => parts.SelectMany(part => part).ToArray());

    // The judge: looks at every position by itself, from the datasheet, and skips what a found frame covers.
    static int CountTrueFrames(byte[] bytes)
    {
        var count = 0;
        for (var at = 0; at + 32 <= bytes.Length; at++)
        {
            if (bytes[at] != 0x42 || bytes[at + 1] != 0x4D || bytes[at + 2] != 0 || bytes[at + 3] != 28)
                continue;
            if (bytes.AsSpan(at, 30).ToArray().Sum(b => b) != (bytes[at + 30] << 8 | bytes[at + 31]))
                continue;
            count++;
            at += 31;
        }

        return count;
    }

    static List<(PmsStatus Status, Pms5003Frame? Frame)> Decode(IEnumerable<byte[]> chunks)
    {
        var decoder = new Pms5003Decoder();
        var found = new List<(PmsStatus, Pms5003Frame?)>();
        foreach (var chunk in chunks)
        {
            ReadOnlySpan<byte> rest = chunk;
            PmsStatus status;
            while ((status = decoder.Read(ref rest, out var frame)) != PmsStatus.NeedMore)
                found.Add((status, frame));
        }

        return found;
    }
}
