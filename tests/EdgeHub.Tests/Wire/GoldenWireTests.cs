using System.Diagnostics;
using System.Globalization;
using EdgeHub.Tests.Golden;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;

using Record = EdgeHub.Wire.Proto.Record;

namespace EdgeHub.Tests.Wire;

public sealed class GoldenWireTests
{
    public static TheoryData<string> Kinds => [.. Samples.Records().Concat(Samples.LaterRecords()).Select(sample => sample.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_record_of_each_kind_is_encoded_as_on_the_first_day(string kind)
    {
        var record = Samples.Records().Concat(Samples.LaterRecords()).Single(sample => sample.Name == kind).Record;
        GoldenFile.Check($"wire/record-{kind}.bin", record.ToByteArray());
        Assert.Equal(record, RecordCodec.TryDecode(GoldenFile.Read($"wire/record-{kind}.bin"), out _));
    }

    [Theory]
    [InlineData("longitude", "position")]
    [InlineData("latitude", "position")]
    [InlineData("height", "position")]
    [InlineData("accuracy", "accuracy")]
    [InlineData("deadband", "sampling")]
    [InlineData("interval", "sampling")]
    [InlineData("owner", "too long")]
    [InlineData("grid", "too long")]
    public void A_catalog_that_tells_nonsense_is_a_reason_and_never_an_exception(string part, string says)
    {
        var catalog = Samples.Placed();
        switch (part)
        {
            case "longitude": catalog.Position.Longitude = 181; break;
            case "latitude": catalog.Position.Latitude = double.NaN; break;
            case "height": catalog.Streams[1].Position.Height = double.PositiveInfinity; break;
            case "accuracy": catalog.Streams[0].Accuracy = 0; break;
            case "deadband": catalog.Streams[0].Sampling.Deadband = -1; break;
            case "interval": catalog.Streams[0].Sampling.IntervalMs = ulong.MaxValue; break;
            case "owner": catalog.Owner = new string('x', WireLimits.TextLengthMax + 1); break;
            default: catalog.Grid = new string('x', WireLimits.TextLengthMax + 1); break;
        }

        Assert.Null(RecordCodec.TryDecode(new Record { Catalog = catalog }.ToByteArray(), out var reason));
        Assert.Contains(says, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_envelope_of_the_first_day_is_still_read()
    {
        var records = Samples.Records().Select(sample => (ReadOnlyMemory<byte>)sample.Record.ToByteArray()).ToArray();
        using var codec = new EnvelopeCodec();
        if (!File.Exists(GoldenFile.PathOf("wire/envelope-v1.zst")))
            GoldenFile.Check("wire/envelope-v1.zst", codec.Encode(new EdgeHub.Wire.Envelope("gw-1", Samples.Spool, SpoolClass.Normal, Lane.Backlog, 1, records, RecordHash.Zero)));
        // A newer zstd may pack otherwise; what it unpacks to may not change.
        var back = codec.TryDecode(GoldenFile.Read("wire/envelope-v1.zst"), out var reason);
        Assert.True(back is not null, reason);
        Assert.Equal(records.Select(record => Convert.ToHexString(record.Span)), back.Records.Select(record => Convert.ToHexString(record.Span)));
    }

    [Fact]
    public void An_ack_and_a_status_are_written_as_on_the_first_day()
    {
        var ack = new Ack("5f0c", Samples.Spool, [new(1, 120), new(122, 130)], [new(121, 121)], RecordHash.Of([9]), [new(3, 4)]);
        GoldenFile.Check("wire/ack-v1.json", ack.ToJson());
        var back = Ack.TryParse(GoldenFile.Read("wire/ack-v1.json"), out var reason);
        Assert.True(back is not null, reason);
        Assert.Equal((ack.Store, ack.Spool, ack.Digest), (back.Store, back.Spool, back.Digest));
        Assert.Equal(ack.Stored, back.Stored);
        Assert.Equal(ack.SetAside, back.SetAside);
        Assert.Equal(ack.Missing, back.Missing);

        var status = new GatewayStatus("gw-1", true, "0.1.0", "boot", 1_790_000_000_000, "ok", new Dictionary<string, string> { ["uplink"] = "ok" }, [new SpoolStatus(Samples.Spool, SpoolClass.Normal, 130, [new(1, 130)], [])]);
        GoldenFile.Check("wire/status-v1.json", status.ToJson());
        Assert.Equal(130ul, GatewayStatus.TryParse(GoldenFile.Read("wire/status-v1.json"), out _)!.Spools[0].Head);
    }

    [Fact(Timeout = 60_000)]
    public async Task Protoc_reads_a_golden_block_from_the_contract_alone()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/protoc"), "protoc is not installed: apt-get install protobuf-compiler");
        var start = new ProcessStartInfo("/usr/bin/protoc", ["--decode=edgehub.v1.Record", $"--proto_path={Path.Combine(Repository.Root, "docs")}", "edgehub.proto"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var protoc = Process.Start(start)!;
        await protoc.StandardInput.BaseStream.WriteAsync(GoldenFile.Read("wire/record-block.bin"), TestContext.Current.CancellationToken);
        protoc.StandardInput.Close();
        var text = await protoc.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await protoc.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, protoc.ExitCode);

        // Only what protoc printed and the comments of the contract: no code of ours reads the values.
        long[] mantissas = [.. Lines(text, "mantissa").Take(6)];
        var exponent = Lines(text, "exponent").First();
        var running = 0L;
        var values = mantissas.Select(mantissa => (running += mantissa) * Math.Pow(10, exponent)).ToArray();
        var expected = Samples.Community().Where(reading => reading.Stream == 0).Select(reading => reading.Value).ToArray();
        Assert.Equal(expected, values);
        Assert.Equal(120, Lines(text, "mantissa").Count());
    }

    static IEnumerable<long> Lines(string text, string field) =>
        text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith(field + ":", StringComparison.Ordinal)).Select(line => long.Parse(line[(field.Length + 1)..], CultureInfo.InvariantCulture));
}
