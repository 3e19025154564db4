using System.Diagnostics;

namespace EdgeHub.Benchmarks;

/// <summary>CPU time of this process and medians. Wall time is only taken where a rate is promised: the machine may be shared.</summary>
static class Measure
{
    /// <summary>CPU time, user and kernel, of all threads of this process while <paramref name="work"/> runs.</summary>
    public static TimeSpan Cpu(Action work)
    {
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        work();
        self.Refresh();
        return self.TotalProcessorTime - before;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
