using System.Text.Json;
using EdgeHub.DeviceSims.Drills;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>
/// The product's own books, asked for by its verbs as a person would. They are a second opinion: the <see cref="Judge"/> believes the wires
/// and the view only, the books believe the box's counts; both must come to the same.
/// </summary>
sealed class BooksVerbs(string edgeConfig, string bridgeConfig, TimeProvider time)
{
    static readonly TimeSpan LastCutMax = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a box tells its books while it is watched.</summary>
    public const string Interval = "1s";

    /// <summary>What both verbs print, and whether both say that the books balance.</summary>
    public async Task<(bool Balance, string Text)> PrintAsync()
    {
        var (box, boxText) = await Tools.TryAsync(Programs.Edge, "books", "--config", edgeConfig);
        var (city, cityText) = await Tools.TryAsync(Programs.Bridge, "books", "--config", bridgeConfig);
        return (box == 0 && city == 0, $"edgehub books\n{boxText}\nedgehub-bridge books\n{cityText}");
    }

    /// <summary>What the city's books say of everything that was ever recorded: how many readings, and what differs.</summary>
    public async Task<(long Told, string Difference)> CityAsync()
    {
        var (code, said) = await Tools.TryAsync(Programs.Bridge, "books", "--json", "--config", bridgeConfig);
        if (!said.StartsWith('['))
            throw new InvalidOperationException($"edgehub-bridge books ended with {code}: {said.Trim()}");
        using var json = JsonDocument.Parse(said);
        long told = 0;
        var differences = new List<string>();
        foreach (var gateway in json.RootElement.EnumerateArray())
        {
            told += gateway.GetProperty("streams").EnumerateArray().Sum(stream => stream.GetProperty("recorded").GetInt64());
            differences.AddRange(gateway.GetProperty("differences").EnumerateArray().Select(one => $"records {one.GetProperty("firstNumber")}-{one.GetProperty("lastNumber")} of {one.GetProperty("spool").GetString()}: {one.GetProperty("text").GetString()}"));
        }

        if ((code == 0) != (differences.Count == 0))
            throw new InvalidOperationException($"edgehub-bridge books ended with {code} and names {differences.Count} differences.");
        return (told, string.Join("; ", differences));
    }

    /// <summary>Neither the wires nor the judge are asked here: the product must find by itself that nothing is missing.</summary>
    public async Task CompareAsync(long recorded, Action<string, bool> check)
    {
        var (told, difference) = await WholeAsync(recorded);
        check($"edgehub-bridge books accounts for every reading recorded ({told} of {recorded}){(difference.Length > 0 ? ": " + difference : "")}", difference.Length == 0 && told == recorded);
        var (balance, text) = await PrintAsync();
        check($"edgehub books balances{(balance ? "" : ": " + text)}", balance);
    }

    /// <summary>What the box's directory says was recorded, also while its daemon is down.</summary>
    public async Task<long> BoxRecordedAsync()
    {
        using var json = JsonDocument.Parse(await Tools.RunAsync(Programs.Edge, "books", "--json", "--config", edgeConfig));
        return json.RootElement.GetProperty("recorded").GetInt64();
    }

    /// <summary>The last word comes an interval after the last reading; until then it is not all told.</summary>
    public async Task<(long Told, string Difference)> WholeAsync(long recorded)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var books = await CityAsync();
            if (books.Told >= recorded || time.GetElapsedTime(since) > LastCutMax)
                return books;
            await Task.Delay(Glance, time);
        }
    }
}
