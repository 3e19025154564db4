using CsCheck;
using EdgeHub.DeviceSims.Doubles;

namespace EdgeHub.Tests.DeviceSims;

public sealed class ModbusRequestFramerTests
{
    private static readonly byte[] Request = Convert.FromHexString("010300000002C40B");

    [Fact]
    public void A_request_is_taken_when_its_last_byte_has_come()
    {
        var framer = new ModbusRequestFramer();
        foreach (var part in Request[..7])
        {
            framer.Push([part]);
            Assert.Null(framer.Take());
        }

        framer.Push(Request.AsSpan(7));
        Assert.Equal(Request, framer.Take());
        Assert.Null(framer.TakeAtSilence());
        Assert.Equal(0, framer.Rejected);
    }

    [Fact]
    public void Two_requests_in_one_lump_are_two()
    {
        var framer = new ModbusRequestFramer();
        framer.Push([.. Request, .. Request]);

        Assert.Equal(Request, framer.Take());
        Assert.Equal(Request, framer.Take());
        Assert.Null(framer.Take());
    }

    [Fact]
    public void A_request_of_another_length_ends_with_silence()
    {
        var framer = new ModbusRequestFramer();
        var write = Convert.FromHexString("011000000002040001000223AE");
        framer.Push(write);

        Assert.Null(framer.Take());
        Assert.Equal(write, framer.TakeAtSilence());
    }

    [Fact]
    public void What_has_no_right_crc_is_thrown_away_at_silence()
    {
        var framer = new ModbusRequestFramer();
        byte[] spoiled = [.. Request];
        spoiled[3] ^= 1;
        framer.Push(spoiled);

        Assert.Null(framer.Take());
        Assert.Null(framer.TakeAtSilence());
        Assert.Equal(1, framer.Rejected);
        framer.Push(Request);
        Assert.Equal(Request, framer.Take());
    }

    [Fact]
    public void Any_bytes_in_any_pieces_give_only_frames_with_a_right_crc() =>
        Gen.Byte.Array[0, 300].Array[0, 6].Sample(pieces =>
        {
            var framer = new ModbusRequestFramer();
            foreach (var piece in pieces)
            {
                framer.Push(piece);
                while (framer.Take() is { } frame)
                {
                    Assert.True(PlainReader.HasRightCrc(frame));
                }
            }

            if (framer.TakeAtSilence() is { } last)
            {
                Assert.True(PlainReader.HasRightCrc(last));
            }
        });
}
