namespace EdgeHub.DeviceSims.Drills;

/// <summary>What happens to the box's clock. A shim stands between the daemon and the C library's wall clock; monotonic clocks stay what they are.</summary>
static class ClockDrills
{
    const string Shim = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/time.h>
        #include <time.h>
        static long long offset(void) {
            static volatile long long *at;
            if (!at) {
                int file = open(getenv("CLOCK_OFFSET_FILE"), O_RDONLY);
                void *map = file < 0 ? MAP_FAILED : mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
                if (map == MAP_FAILED) return 0;
                at = map;
            }
            return *at;
        }
        int clock_gettime(clockid_t clock, struct timespec *now) {
            static int (*real)(clockid_t, struct timespec *);
            if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
            int result = real(clock, now);
            if (!result && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += offset();
            return result;
        }
        int gettimeofday(struct timeval *restrict now, void *restrict zone) {
            struct timespec t;
            int result = clock_gettime(CLOCK_REALTIME, &t);
            now->tv_sec = t.tv_sec; now->tv_usec = t.tv_nsec / 1000;
            return result;
        }
        time_t time(time_t *out) {
            struct timespec t;
            clock_gettime(CLOCK_REALTIME, &t);
            if (out) *out = t.tv_sec;
            return t.tv_sec;
        }
        """;

    static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static async Task ClockAsync(Stand stand)
    {
        var (source, library, offset) = (stand.In("clock.c"), stand.In("clock.so"), stand.In("clock.offset"));
        await File.WriteAllTextAsync(source, Shim);
        await Tools.RunAsync("gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl");
        await SetAsync(TimeSpan.Zero);
        stand.EdgeEnvironment["LD_PRELOAD"] = library;
        stand.EdgeEnvironment["CLOCK_OFFSET_FILE"] = offset;
        await stand.StartAsync();
        await stand.UnackedAsync();
        await stand.Edge.StopAsync(TimeProvider.System);
        await SetAsync(DateTimeOffset.UnixEpoch - TimeProvider.System.GetUtcNow());
        await stand.Edge.StartAsync();
        stand.Say("the box starts again, in 1970");
        await RecordsAsync(stand);
        foreach (var (what, by) in new[] { ("right", TimeSpan.Zero), ("a year ahead", Year), ("a year behind", -Year), ("right again", TimeSpan.Zero) })
        {
            await SetAsync(by);
            stand.Say($"the box's clock is {what}");
            await RecordsAsync(stand);
        }

        async Task SetAsync(TimeSpan by)
        {
            // In place: the daemon has the file mapped.
            await using var file = new FileStream(offset, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
            await file.WriteAsync(BitConverter.GetBytes((long)by.TotalSeconds));
        }
    }

    static async Task RecordsAsync(Stand stand)
    {
        var before = 0L;
        await stand.UntilAsync("the box to answer", TimeSpan.FromSeconds(30), async () => (before = (await stand.ViewAsync())?.Recorded ?? -1) >= 0);
        var took = await stand.UntilAsync("the box to record", TimeSpan.FromSeconds(20), async () => await stand.ViewAsync() is { } view && view.Recorded > before + 20);
        stand.Check(FormattableString.Invariant($"sensing and recording go on ({took.TotalSeconds:0.0} s)"), took < TimeSpan.FromSeconds(20));
        await stand.PauseAsync(1);
    }
}
