using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Simulation.PowerCuts;
using EdgeHub.Tests.DeviceSims;
using Microsoft.Extensions.Logging.Abstractions;
using EdgeHub.Wire;
using Xunit;

namespace EdgeHub.Tests.Spool.Media;

/// <summary>Two real ext4 under one spool.</summary>
[Collection("whole machine")]
public sealed class RealMediaTests
{
    const int ImageMiB = 32;

    /// <summary>A byte of the stick's own file turns round, as a cell that leaks: found by the scrub, and written there again from the card.</summary>
    [Theory]
    [InlineData(256 << 10)]
    [InlineData(0)]
    public void A_flipped_byte_on_one_real_medium_is_found_and_repaired_by_the_scrub(int scrubBytesPerSecond)
    {
        Assert.SkipWhen(LoopDisk.WhyNot() is not null, LoopDisk.WhyNot() ?? "");
        using var scratch = new ScratchDirectory();
        using var card = LoopDisk.Create(scratch.File("card"), ImageMiB);
        using var stick = LoopDisk.Create(scratch.File("stick"), ImageMiB);
        using (var first = new PosixDisk(card.MountPoint))
        using (var second = new PosixDisk(stick.MountPoint))
            MediumMark.Adopt(first, second, MirrorLab.Gateway, () => 77);
        var lab = new SpoolLab(null!);
        var mirror = new MirrorOptions { Directory = stick.MountPoint, ScrubBytesPerSecond = scrubBytesPerSecond };
        byte[] record;
        SpoolId id;
        using (var spools = Open(() => PosixDisk.OpenExisting(card.MountPoint)))
        {
            MirrorLab.Append(spools, 50);
            spools.Mirror();
            Assert.Equal(0L, spools.Health.Mirror!.LagBytes);
            id = Assert.Single(spools.Views()).Id;
            record = spools.Read(id, 20, 20, 1, 1 << 20)!.Records[0].ToArray();
        }

        using (var spools = Open(() => PosixDisk.OpenExisting(card.MountPoint)))
        {
            // A segment is compared once another one is written.
            MirrorLab.Append(spools, 1);
            spools.Mirror();
            Flip(stick.MountPoint, record);
            stick.Sync();
            for (var second = 0; second < 120 && spools.Health.Mirror!.ScrubRounds == 0; second++)
            {
                lab.Time.Advance(TimeSpan.FromSeconds(1));
                spools.Mirror();
            }

            Assert.Equal(scrubBytesPerSecond > 0, spools.Health.Mirror!.Repaired > 0);
            Assert.Equal(0ul, spools.Health.DamagedRecords);
        }

        // The stick alone.
        using var alone = Open(() => throw new MediumException(MediumCondition.Away, "The card is out."));
        Assert.Equal(scrubBytesPerSecond > 0 ? record : null, alone.Read(id, 20, 20, 1, 1 << 20)?.Records[0].ToArray());

        Spools Open(Func<IDisk> first) =>
            Spools.Open(lab.Options, new MediaSetup(MirrorLab.Gateway, first, mirror, () => PosixDisk.OpenExisting(stick.MountPoint)), SpoolLab.Catalog, "test 1", lab.Time, lab.NewId, NullLogger<Spools>.Instance);
    }

    static void Flip(string directory, byte[] record)
    {
        var flipped = 0;
        foreach (var path in Directory.GetFiles(directory, "*.journal"))
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.AsSpan().IndexOf(record) is var at and >= 0)
            {
                using var file = File.OpenWrite(path);
                file.Position = at + (record.Length / 2);
                file.WriteByte((byte)(bytes[at + (record.Length / 2)] ^ 0x10));
                flipped++;
            }
        }

        Assert.Equal(1, flipped);
    }
}
