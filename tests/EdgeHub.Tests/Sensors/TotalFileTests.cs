using CsCheck;
using EdgeHub.Edge.Sensors.Gpio;
using EdgeHub.Tests.DeviceSims;

namespace EdgeHub.Tests.Sensors;

public sealed class TotalFileTests
{
    [Fact]
    public void A_total_never_goes_back_wherever_the_power_is_cut() =>
        Gen.Int[0, 24].Array[1, 12].Sample(cuts =>
        {
            var disk = new PowerlessTotal();
            ulong total = 0, known = 0;
            foreach (var cut in cuts)
            {
                // Some saves, then one that the power cut tears after so many bytes.
                for (var i = 0; i < cut % 3; i++)
                {
                    Assert.True(disk.SaveAsync(++total).IsCompletedSuccessfully);
                    known = total;
                }

                disk.CutAfter = cut;
                Assert.True(disk.SaveAsync(++total).IsFaulted);
                disk = disk.Restarted();
                var loaded = disk.Load();
                Assert.NotNull(loaded);
                Assert.True(loaded == known || (cut == 24 && loaded == total), $"{loaded} after {known}");
                known = total = loaded.Value;
            }
        });

    [Fact]
    public async Task A_file_that_is_all_damaged_says_so()
    {
        var disk = new PowerlessTotal();
        await disk.SaveAsync(5);
        await disk.SaveAsync(6);
        disk.Medium[4] ^= 1;
        Assert.Equal(5UL, disk.Restarted().Load());
        disk.Medium[TotalFile.SlotBytes + 4] ^= 1;
        Assert.Null(disk.Restarted().Load());
    }

    [Fact]
    public async Task The_real_file_keeps_the_last_total()
    {
        using var directory = new ScratchDirectory();
        var open = PosixTotalFile.In(Path.Combine(directory.Path, "totals"));
        var file = open("rain");
        Assert.Equal(0UL, file.Load());
        for (ulong total = 1; total <= 5; total++)
        {
            await file.SaveAsync(total);
            Assert.Equal(total, open("rain").Load());
        }
    }
}
