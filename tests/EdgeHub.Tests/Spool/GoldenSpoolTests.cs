using EdgeHub.Edge.Spool;
using EdgeHub.Hosting;
using EdgeHub.Simulation.Disk;
using EdgeHub.Tests.Golden;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Spool;

/// <summary>The formats on the medium, frozen: what the first version wrote is read for ever.</summary>
public sealed class GoldenSpoolTests
{
    const string Journal = "spool/00000001.journal";
    const string Sealed = "spool/packs-00000001.sealed";

    [Fact]
    public void A_journal_is_written_as_on_the_first_day()
    {
        var disk = Written();
        GoldenFile.Check(Journal, disk.Bytes("00000001.journal"));
        // LiteDB notes the time of its making: of the sealed file only the reading is frozen.
        if (!File.Exists(GoldenFile.PathOf(Sealed)))
            GoldenFile.Check(Sealed, disk.Bytes("packs-00000001.sealed"));
    }

    [Theory]
    [InlineData(Journal, Sealed)]
    [InlineData(Journal, null)]
    [InlineData(null, Sealed)]
    public void What_the_first_day_wrote_is_read_from_either_copy(string? journal, string? packs)
    {
        var written = Written();
        using var expected = new SpoolLab(written, 2) { Options = Small }.Open();
        using var found = new SpoolLab(Load(journal, packs), 2) { Options = Small }.Open();
        Assert.Equal(expected.Health.RecordedReadings, found.Health.RecordedReadings);
        foreach (var view in expected.Views())
        {
            var other = Assert.Single(found.Views(), each => each.Id == view.Id);
            Assert.Equal((view.Class, view.Head, view.Chain), (other.Class, other.Head, other.Chain));
            Assert.Equal(SpoolLab.ReadAll(expected, view).Values.Select(Convert.ToHexString), SpoolLab.ReadAll(found, other).Values.Select(Convert.ToHexString));
            if (journal is not null)
                Assert.Equal(view.Waiting, other.Waiting);
        }
    }

    [Fact]
    public void A_newer_LiteDB_file_is_refused_and_nothing_is_touched()
    {
        var disk = Load(Journal, Sealed);
        // The version in the file's list of packs: an int32 named v.
        var name = Path.GetFileName(Sealed);
        var at = disk.Bytes(name).AsSpan().IndexOf("\x10v\0\x01\0\0\0"u8);
        Assert.True(at > 0);
        disk.Flip(name, at + 3);
        var before = disk.List().ToDictionary(each => each, disk.Bytes);
        var refused = Assert.Throws<NewerFormatException>(() => new SpoolLab(disk, 2) { Options = Small }.Open());
        Assert.Equal((0x5B, 1), (refused.Found, refused.Known));
        Assert.Equal(before.Keys.Order(), disk.List().Order());
        Assert.All(before, pair => Assert.Equal(pair.Value, disk.Bytes(pair.Key)));
    }

    static SpoolOptions Small => new() { SegmentBytes = 32 << 10, TailBytes = 64 << 10, PackFileBytes = 1 << 20 };

    static SimulatedDisk Written()
    {
        var disk = new SimulatedDisk();
        using var spools = new SpoolLab(disk, 42) { Options = Small }.Open();
        for (var i = 0; i < 5; i++)
            spools.Append([SpoolLab.Block(i), SpoolLab.Block(1, 1, SpoolClass.Urgent)]);
        var id = spools.Views().Single(view => view.Class == SpoolClass.Normal).Id;
        SpoolLab.Ack(spools, id, 1, 3);
        spools.Append([SpoolLab.Block(6)]);
        return disk;
    }

    static SimulatedDisk Load(params string?[] names)
    {
        var disk = new SimulatedDisk();
        foreach (var name in names.OfType<string>())
            using (var file = disk.Create(Path.GetFileName(name)))
            {
                file.Write(0, GoldenFile.Read(name));
                file.Sync();
            }

        disk.SyncDirectory();
        return disk;
    }
}
