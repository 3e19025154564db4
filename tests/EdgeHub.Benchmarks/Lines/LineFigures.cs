using System.Globalization;

namespace EdgeHub.Benchmarks.Lines;

/// <summary>What the sampling process saw, as it tells the measuring one: a line of numbers.</summary>
sealed record LineFigures(long Readings, double LatenessP50, double LatenessP99, double LatenessMax, double StallP50, double StallP99, double StallMax, double CpuPercent, double ResidentMb)
{
    public static LineFigures Parse(string text)
    {
        double[] parts = [.. text.Trim().Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
        return new LineFigures((long)parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7], parts[8]);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Readings} {LatenessP50:F1} {LatenessP99:F1} {LatenessMax:F1} {StallP50:F1} {StallP99:F1} {StallMax:F1} {CpuPercent:F2} {ResidentMb:F1}");
}
