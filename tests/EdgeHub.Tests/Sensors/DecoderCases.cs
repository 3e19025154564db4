using System.Globalization;

namespace EdgeHub.Tests.Sensors;

/// <summary>How many random cases a decoder's property runs: a smoke in each run, and any number by EDGEHUB_FUZZ_CASES=1000000 with --filter-trait kind=fuzz.</summary>
static class DecoderCases
{
    const int Smoke = 20_000;

    public static int Count { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("EDGEHUB_FUZZ_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : Smoke;
}
