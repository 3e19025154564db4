using CsCheck;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;
using Envelope = EdgeHub.Wire.Envelope;

namespace EdgeHub.Tests.Wire;

public sealed class EnvelopeTests
{
    [Fact]
    public void An_envelope_comes_back_as_it_went()
    {
        var sent = Sample();
        using var codec = new EnvelopeCodec();
        var back = codec.TryDecode(codec.Encode(sent), out var reason);
        Assert.True(back is not null, reason);
        Assert.Equal((sent.Gateway, sent.Spool, sent.Class, sent.Lane, sent.Numbers, sent.ChainBefore), (back.Gateway, back.Spool, back.Class, back.Lane, back.Numbers, back.ChainBefore));
        Assert.Equal(sent.Hashes(), back.Hashes());
    }

    [Fact]
    public void A_changed_record_breaks_the_chain_and_is_refused()
    {
        using var codec = new EnvelopeCodec();
        var message = PlainMessage();
        var spoiled = message.Records[1].ToByteArray();
        spoiled[^1] ^= 1;
        message.Records[1] = ByteString.CopyFrom(spoiled);
        Assert.Null(codec.TryDecode(message.ToByteArray(), out var reason));
        Assert.Contains("chain", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_a_reason_and_never_an_exception()
    {
        using var codec = new EnvelopeCodec();
        var good = codec.Encode(Sample());
        var plain = PlainMessage().ToByteArray();
        Gen.Select(Gen.Bool, Gen.Int[0, 4000], Gen.Byte.Array[1, 8], Gen.Int[0, 4000]).Sample((zstd, at, bytes, cut) =>
        {
            var payload = (byte[])(zstd ? good : plain).Clone();
            for (var i = 0; i < bytes.Length; i++)
                payload[(at + i) % payload.Length] = bytes[i];
            payload = payload[..Math.Max(1, payload.Length - (cut % payload.Length))];
            _ = codec.TryDecode(payload, out var reason);
            Assert.NotNull(reason);
        }, iter: 20_000, threads: 1);
        Gen.Byte.Array[0, 200].Sample(payload => Assert.Null(codec.TryDecode(payload, out _)), iter: 20_000, threads: 1);
    }

    [Fact]
    public void A_bomb_of_zeros_is_refused_before_it_is_unpacked()
    {
        using var compressor = new ZstdSharp.Compressor(1);
        using var codec = new EnvelopeCodec();
        var bomb = compressor.Wrap(new byte[64 << 20]).ToArray();
        Assert.True(bomb.Length < WireLimits.PayloadBytesMax);
        Assert.Null(codec.TryDecode(bomb, out var reason));
        Assert.Contains("unpacks to more than", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("gateway")]
    [InlineData("spool")]
    [InlineData("class")]
    [InlineData("number")]
    [InlineData("records")]
    public void Each_malformed_part_is_named(string part)
    {
        var message = PlainMessage();
        switch (part)
        {
            case "version": message.Version = 2; break;
            case "gateway": message.Gateway = "Not/One"; break;
            case "spool": message.Spool = ByteString.CopyFrom(1, 2); break;
            case "class": message.SpoolClass = SpoolClass.Local; break;
            case "number": message.FirstNumber = 0; break;
            default: message.Records.Clear(); break;
        }

        using var codec = new EnvelopeCodec();
        Assert.Null(codec.TryDecode(message.ToByteArray(), out var reason));
        Assert.Contains(part == "number" ? "first number" : part, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_from_a_newer_box_is_kept_in_the_record_bytes()
    {
        using var codec = new EnvelopeCodec();
        // Field 99, varint 7: this program has never heard of it.
        byte[] newer = [.. Samples.Records().First(sample => sample.Name == "block").Record.ToByteArray(), 0x98, 0x06, 0x07];
        var envelope = Sample() with { Records = [newer] };
        var back = codec.TryDecode(codec.Encode(envelope), out _);
        Assert.Equal(newer, back!.Records[0].ToArray());
        Assert.Equal(newer, RecordCodec.TryDecode(newer, out _)!.ToByteArray());
    }

    static Envelope Sample()
    {
        var records = Samples.Records().Select(sample => (ReadOnlyMemory<byte>)sample.Record.ToByteArray()).ToArray();
        return new Envelope("gw-1", Samples.Spool, SpoolClass.Normal, Lane.Live, 1, records, RecordHash.Zero);
    }

    static EdgeHub.Wire.Proto.Envelope PlainMessage()
    {
        var envelope = Sample();
        var message = new EdgeHub.Wire.Proto.Envelope
        {
            Version = 1,
            Gateway = envelope.Gateway,
            Spool = ByteString.CopyFrom(envelope.Spool.ToByteArray()),
            SpoolClass = envelope.Class,
            FirstNumber = 1,
            ChainBefore = ByteString.CopyFrom(new byte[32]),
            ChainAfter = ByteString.CopyFrom(envelope.ChainAfter().ToByteArray()),
            Lane = Lane.Live,
        };
        message.Records.AddRange(envelope.Records.Select(record => ByteString.CopyFrom(record.Span)));
        return message;
    }
}
