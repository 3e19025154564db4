using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeHub.Edge.Clock;

/// <summary>The kernel's clocks on Linux, by system call: .NET offers neither CLOCK_BOOTTIME nor the state of NTP.</summary>
public static partial class KernelClock
{
    const int ClockBootTime = 7; // linux/time.h
    const int TimeError = 5; // sys/timex.h: TIME_ERROR, the clock is not synchronized
    const int MaxErrorAt = 24; // offsetof(struct timex, maxerror), microseconds
    const int TimexBytes = 208; // sizeof(struct timex) on 64-bit Linux
    const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    // Any box whose clock says less than this has not learned the time since it was switched on.
    static readonly long BuildFloorUnixMs = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static BoxClock Open(TimeProvider time) =>
        new(time, ReadBootId(), ReadBootTimeMs, IsSynchronized, BuildFloorUnixMs) { KernelErrorMs = ReadErrorMs };

    /// <summary>CLOCK_BOOTTIME: counts through suspend, and no one can set it.</summary>
    public static long ReadBootTimeMs()
    {
        if (ClockGetTime(ClockBootTime, out var now) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        return (now.Seconds * 1000) + (now.Nanoseconds / 1_000_000);
    }

    static UInt128 ReadBootId() =>
        UInt128.Parse(File.ReadAllText(BootIdFile).Trim().Replace("-", "", StringComparison.Ordinal), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    static bool IsSynchronized() => AskTime(stackalloc byte[TimexBytes]) is >= 0 and < TimeError;

    static long ReadErrorMs()
    {
        Span<byte> timex = stackalloc byte[TimexBytes];
        return AskTime(timex) < 0 ? 0 : BitConverter.ToInt64(timex[MaxErrorAt..]) / 1000;
    }

    // All zero asks and sets nothing; the return value is the clock's state.
    static int AskTime(Span<byte> timex)
    {
        timex.Clear();
        return AdjustTime(ref MemoryMarshal.GetReference(timex));
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int ClockGetTime(int clock, out TimeSpec now);

    [LibraryImport("libc", EntryPoint = "adjtimex", SetLastError = true)]
    private static partial int AdjustTime(ref byte timex);

    [StructLayout(LayoutKind.Sequential)]
    struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
