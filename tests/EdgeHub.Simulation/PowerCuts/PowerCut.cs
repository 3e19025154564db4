using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeHub.Simulation.PowerCuts;

/// <summary>
/// Pulls the plug again and again under one spool directory that grows older with each trial, as a box does in the field:
/// start the writer, freeze it at a random moment, take down what it had promised, shut the file system down without a flush,
/// mount it again, open the spool, and look for every promise.
/// </summary>
sealed partial class PowerCut(string directory, ulong seed, bool withoutFsync, bool liteDbAlone, bool hasMirror, TimeProvider time)
{
    const int ImageMiB = 128;
    const int RunMsMax = 1200;
    const int SignalStop = 19;

    readonly Chance chance = new(seed);
    readonly Dictionary<(SpoolId, ulong), RecordHash> promised = [];

    public PowerCutTally Run(int trials)
    {
        using var disk = LoopDisk.Create(directory, ImageMiB);
        var spool = Path.Combine(disk.MountPoint, "spool");
        Directory.CreateDirectory(spool);
        using var stick = hasMirror ? LoopDisk.Create(Path.Combine(directory, "stick"), ImageMiB) : null;
        var mirror = stick is null ? null : Path.Combine(stick.MountPoint, "edgehub");
        if (mirror is not null)
        {
            using var first = new PosixDisk(spool);
            using var second = new PosixDisk(mirror);
            MediumMark.Adopt(first, second, Writer.Gateway, chance.Next128);
            stick!.Sync();
        }

        disk.Sync();
        var tally = new PowerCutTally(0, 0, 0, 0, 0, 0);
        for (var i = 0; i < trials; i++)
        {
            var before = promised.Count;
            var said = WriteAndCut(disk, stick, spool, mirror);
            disk.Remount();
            stick?.Remount();
            if (liteDbAlone)
                foreach (var file in Directory.GetFiles(spool, "*.journal"))
                    File.Delete(file);
            var (lost, openMs) = Check(spool, mirror);
            tally = tally with
            {
                Trials = tally.Trials + 1,
                WithAcks = tally.WithAcks + (said > 0 ? 1 : 0),
                Promised = tally.Promised + promised.Count,
                Lost = tally.Lost + Math.Max(0, lost),
                Unopenable = tally.Unopenable + (lost < 0 ? 1 : 0),
                OpenMsMax = Math.Max(tally.OpenMsMax, openMs),
            };
            Console.Error.WriteLine($"cut {i + 1}: {said} records promised in this run, {before} before it, {Math.Max(0, lost)} lost, opened in {openMs:F0} ms");
            if (lost != 0)
                promised.Clear();
        }

        return tally;
    }

    // How many records the writer promised before the cut.
    int WriteAndCut(LoopDisk disk, LoopDisk? stick, string spool, string? mirror)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["write", spool, "--seed", chance.Next64().ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        if (withoutFsync)
            start.ArgumentList.Add("--without-fsync");
        if (mirror is not null)
        {
            start.ArgumentList.Add("--mirror");
            start.ArgumentList.Add(mirror);
        }

        using var writer = Process.Start(start)!;
        // The first promise starts the clock: a slow start of the process must not make an empty trial.
        var first = writer.StandardOutput.ReadLine();
        var lines = writer.StandardOutput.ReadToEndAsync();
        if (first is null || writer.WaitForExit(TimeSpan.FromMilliseconds(chance.Next(RunMsMax))))
        {
            writer.WaitForExit();
            throw new InvalidOperationException($"The writer ended with {writer.ExitCode} instead of writing on.");
        }

        Signal(writer.Id, SignalStop);
        disk.Cut();
        stick?.Cut();
        writer.Kill();
        writer.WaitForExit();
        return TakeDown(first + '\n' + lines.Result);
    }

    int TakeDown(string lines)
    {
        var said = 0;
        foreach (var line in lines.Split('\n'))
        {
            var words = line.Split(' ');
            // A last line that was cut off promised nothing.
            if (words is ["R", var spool, var number, { Length: 64 } hash] && SpoolId.TryParse(spool, out var id) && RecordHash.TryParse(hash, out var expected))
            {
                promised[(id, ulong.Parse(number, CultureInfo.InvariantCulture))] = expected;
                said++;
            }
            else if (words is ["A", var acked, var first, var last] && SpoolId.TryParse(acked, out var ackedId) && ulong.TryParse(last, CultureInfo.InvariantCulture, out var end))
                for (var n = ulong.Parse(first, CultureInfo.InvariantCulture); n <= end; n++)
                    promised.Remove((ackedId, n));
        }

        return said;
    }

    // Records lost, or -1 when the spool does not open.
    (int Lost, double OpenMs) Check(string directory, string? mirror)
    {
        var begun = time.GetTimestamp();
        try
        {
            using var disk = new PosixDisk(directory);
            using var spools = Spools.Open(Writer.Options, Writer.Setup(disk, mirror), Writer.Catalog, "check", time, chance.Next128, NullLogger<Spools>.Instance);
            var openMs = time.GetElapsedTime(begun).TotalMilliseconds;
            return (promised.Count(promise => spools.Read(promise.Key.Item1, promise.Key.Item2, promise.Key.Item2, 1, 1) is not { } run || RecordHash.Of(run.Records[0].Span) != promise.Value), openMs);
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"the spool does not open: {e.Message}");
            return (-1, 0);
        }
    }

    static void Signal(int process, int signal)
    {
        if (SendSignal(process, signal) != 0)
            throw new InvalidOperationException($"No signal reached process {process}: errno {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
