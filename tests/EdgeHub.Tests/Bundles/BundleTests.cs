using System.Text;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Wire;
using Xunit;

namespace EdgeHub.Tests.Bundles;

/// <summary>A bundle on the stick: whole and unchanged, or refused by a name.</summary>
public sealed class BundleTests : IDisposable
{
    readonly ScratchDirectory scratch = new();

    string Place => Path.Combine(scratch.Path, "bundle");

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void What_was_written_is_read_back_and_the_receipt_names_the_bundle()
    {
        Write();
        var (manifest, sha256) = new BundleDirectory(Place).Open();
        Assert.Equal(("gw-1", 2), (manifest.Gateway, manifest.Files.Count));
        Assert.Equal("second", Encoding.ASCII.GetString(new BundleDirectory(Place).Read(manifest.Files[1])));
        var receipt = new BundleReceipt("gw-1", sha256, "city", [new Ack("city", new SpoolId(7), [new NumberRange(1, 3)], [], RecordHash.Of([1]), [])]);
        receipt.Write(Path.Combine(Place, BundleDirectory.ReceiptName));
        var back = BundleReceipt.Read(Path.Combine(Place, BundleDirectory.ReceiptName));
        Assert.Equal((receipt.Bundle, receipt.Acks[0].Digest, new NumberRange(1, 3)), (back.Bundle, back.Acks[0].Digest, back.Acks[0].Stored[0]));
    }

    [Theory]
    [InlineData(BundleFault.Tampered, "000002.envelope", "sEcond")]
    [InlineData(BundleFault.Tampered, "000002.envelope", "second and more")]
    [InlineData(BundleFault.Tampered, "000003.envelope", "a guest")]
    [InlineData(BundleFault.Truncated, "000002.envelope", "sec")]
    [InlineData(BundleFault.Truncated, "000002.envelope", null)]
    [InlineData(BundleFault.Unfinished, "bundle.json", null)]
    [InlineData(BundleFault.Truncated, "bundle.json", """{"v":1,"kind":"edgehub-bundle","gateway":"gw-1","fi""")]
    [InlineData(BundleFault.Newer, "bundle.json", """{"v":2,"kind":"edgehub-bundle","gateway":"gw-1","files":[]}""")]
    [InlineData(BundleFault.Malformed, "bundle.json", """{"v":1,"kind":"recipe","gateway":"gw-1","files":[]}""")]
    [InlineData(BundleFault.Malformed, "bundle.json", """{"v":1,"kind":"edgehub-bundle","gateway":"gw-1","files":[{"name":"../../etc/passwd","bytes":1,"sha256":"00"}]}""")]
    public void What_was_changed_on_the_way_is_refused_by_its_name_and_place(BundleFault fault, string file, string? content)
    {
        Write();
        var path = Path.Combine(Place, file);
        if (content is null)
            File.Delete(path);
        else
            File.WriteAllText(path, content);
        var refused = Assert.Throws<BundleException>(ReadAll);
        Assert.Equal(fault, refused.Fault);
        Assert.StartsWith($"{fault}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Place, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_with_something_in_it_is_not_written_to()
    {
        Write();
        Assert.Contains("is not empty", Assert.Throws<IOException>(() => new BundleDirectory(Place).Create()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BundleFault.Missing, null)]
    [InlineData(BundleFault.Truncated, """{"v":1,"kind":"edgehub-receipt","gateway":"gw-1","acks":[{"v":""")]
    [InlineData(BundleFault.Newer, """{"v":2,"kind":"edgehub-receipt","gateway":"gw-1","store":"city","acks":[]}""")]
    [InlineData(BundleFault.Malformed, """{"v":1,"kind":"edgehub-receipt","gateway":"gw-1","store":"city","acks":[{"v":1,"store":"elsewhere","spool":"00000000000000000000000000000007","digest":"00"}]}""")]
    public void A_receipt_that_cannot_be_used_is_refused_by_its_name(BundleFault fault, string? content)
    {
        var file = Path.Combine(scratch.Path, "receipt.json");
        if (content is not null)
            File.WriteAllText(file, content);
        Assert.Equal(fault, Assert.Throws<BundleException>(() => BundleReceipt.Read(file)).Fault);
    }

    void Write()
    {
        var bundle = new BundleDirectory(Place);
        bundle.Create();
        bundle.Add("first"u8);
        bundle.Add("second"u8);
        bundle.Finish("gw-1", 1_790_000_000_000, "test");
    }

    void ReadAll()
    {
        var bundle = new BundleDirectory(Place);
        foreach (var file in bundle.Open().Manifest.Files)
            bundle.Read(file);
    }
}
