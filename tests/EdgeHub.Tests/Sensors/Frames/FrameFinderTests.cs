using CsCheck;
using EdgeHub.Edge.Sensors.Frames;

namespace EdgeHub.Tests.Sensors.Frames;

/// <summary>What holds for every decoder.</summary>
public sealed class FrameFinderTests
{
    public static TheoryData<string> Names => [.. FormatCases.All.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Frames_are_found_wherever_the_bytes_are_split(string name)
    {
        var format = FormatCases.Of(name);
        byte[] stream = [.. format.Flush, .. format.Golden.SelectMany(frame => frame), .. format.Golden[0]];
        for (var at = 0; at <= stream.Length; at++)
            Assert.Equal([.. format.Golden, format.Golden[0]], format.Frames([stream[..at], stream[at..]]));
        Assert.Equal([.. format.Golden, format.Golden[0]], format.Frames(stream.Chunk(1)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Garbage_before_a_frame_costs_no_frame(string name)
    {
        var format = FormatCases.Of(name);
        var golden = format.Golden[0];
        for (var cut = 1; cut < golden.Length; cut++)
        {
            byte[] stream = [.. format.Flush, .. golden[cut..], .. golden, .. format.Flush];
            Assert.Equal(format.Expected(stream), format.Frames([stream]));
            Assert.Contains(golden, format.Frames([stream]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_frame_cut_short_costs_no_more_than_what_cannot_be_told_apart(string name)
    {
        var format = FormatCases.Of(name);
        var golden = format.Golden[0];
        for (var cut = 1; cut < golden.Length; cut++)
        {
            byte[] stream = [.. format.Flush, .. golden[..cut], .. golden, .. golden, .. format.Flush];
            Assert.Equal(format.Expected(stream), format.Frames([stream]));
            Assert.Contains(golden, format.Frames([stream]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_flipped_bit_is_never_another_value(string name)
    {
        var format = FormatCases.Of(name);
        var parser = format.Format();
        if (name is "text-line json" or "process")
            return; // They have no checksum; the JSON alone cannot tell 17.5 from 16.5.
        foreach (var golden in format.Golden)
            for (var bit = 0; bit < golden.Length * 8; bit++)
            {
                byte[] stream = [.. format.Flush, .. golden, .. format.Flush];
                stream[format.Flush.Length + (bit / 8)] ^= (byte)(1 << (bit % 8));
                foreach (var frame in format.Frames([stream]))
                    Assert.Equal(parser.Parse(golden).Values, parser.Parse(frame).Values); // The case of a hexadecimal digit.
            }
    }

    [Trait("kind", "fuzz")]
    [Theory]
    [MemberData(nameof(Names))]
    public void Any_bytes_in_any_split_yield_the_true_frames_and_no_other(string name)
    {
        var format = FormatCases.Of(name);
        var parser = format.Format();
        Gen.Select(Soup(format), Gen.Int[1, 40]).Sample(
            (soup, size) =>
            {
                byte[] stream = [.. soup, .. format.Flush];
                var frames = format.Frames(stream.Chunk(size)).ToList();
                foreach (var frame in frames)
                    parser.Parse(frame);
                return frames.Select(Convert.ToHexString).SequenceEqual(format.Expected(stream).Select(Convert.ToHexString));
            },
            iter: DecoderCases.Count,
            print: found => Convert.ToHexString([.. found.Item1, .. format.Flush]) + $" in pieces of {found.Item2}");
    }

    [Fact]
    public void A_line_longer_than_the_limit_is_dropped_to_its_end()
    {
        var format = FormatCases.Of("text-line json");
        var golden = format.Golden[0];
        byte[] stream = [(byte)'\n', .. FormatCases.Text(new string(' ', 70)), .. golden, .. golden];
        Assert.Equal([golden], format.Frames(stream.Chunk(3)));
    }

    [Fact]
    public void What_is_no_frame_is_kept_for_the_technician()
    {
        var format = FormatCases.Of("sds011");
        byte[] bad = [.. format.Golden[0]];
        bad[3] ^= 1;
        byte[] stream = [0x01, 0x02, .. format.Golden[0], .. bad, .. format.Golden[0]];
        Assert.Equal([(FrameStatus.Garbage, "0102"), (FrameStatus.Frame, FormatCases.Sds011), (FrameStatus.BadChecksum, Convert.ToHexString(bad)), (FrameStatus.Frame, FormatCases.Sds011)], format.Find([stream]).Select(item => (item.Status, Convert.ToHexString(item.Bytes))));
    }

    // Pieces of frames, whole frames and noise in any order: the soup a bad cable makes.
    static Gen<byte[]> Soup(FormatCase format) => Gen.OneOf(
        Gen.Byte.Array[0, 20],
        Gen.OneOfConst([.. format.Golden]),
        Gen.Select(Gen.OneOfConst([.. format.Golden]), Gen.Int[0, 127], Gen.Byte, (golden, at, value) =>
        {
            byte[] bytes = [.. golden];
            bytes[at % bytes.Length] = value;
            return bytes;
        }),
        Gen.Select(Gen.OneOfConst([.. format.Golden]), Gen.Int[0, 127], (golden, length) => golden[..(length % golden.Length)]),
        Gen.Const(format.Golden[0][..3])).Array[0, 8].Select(parts => parts.SelectMany(part => part).ToArray());
}
