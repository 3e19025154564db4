using System.Globalization;
using Spectre.Console;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>A live table on a terminal; plain lines, fewer of them, where there is none.</summary>
sealed class LiveView
{
    static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    readonly bool terminal = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;
    TimeSpan lastPlain = TimeSpan.MinValue;

    /// <summary>Runs <paramref name="work"/> and shows each view it hands over.</summary>
    public async Task ShowAsync(Func<Action<TimeSpan, EdgeView?, long>, Task> work)
    {
        if (!terminal)
        {
            await work(ShowPlain);
            return;
        }

        await AnsiConsole.Live(new Text("starting")).AutoClear(false).StartAsync(context => work((at, view, stored) =>
        {
            context.UpdateTarget(Table(at, view, stored));
            context.Refresh();
        }));
    }

    public static void Say(string line) => Console.WriteLine(line);

    void ShowPlain(TimeSpan at, EdgeView? view, long stored)
    {
        if (lastPlain != TimeSpan.MinValue && at - lastPlain < PlainInterval)
            return;
        lastPlain = at;
        Say(view is null
            ? Invariant($"{at.TotalSeconds,5:F0} s  edge away, stored {stored}")
            : Invariant($"{at.TotalSeconds,5:F0} s  streams {view.Streams.Count(stream => stream.Value is not null)}/{view.Streams.Count}, recorded {view.Recorded}, stored {stored}, waiting {view.Waiting}: {view.State}"));
    }

    static Table Table(TimeSpan at, EdgeView? view, long stored)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("sensor", "quantity", "value", "age");
        table.Title = new TableTitle(Markup.Escape(view is null ? "edge away" : view.State));
        foreach (var stream in view?.Streams ?? [])
            table.AddRow(
                Markup.Escape(stream.Sensor),
                Markup.Escape(stream.Quantity),
                Markup.Escape(stream.Value is { } value ? Invariant($"{value} {stream.Unit}") : "-"),
                stream.AgeMs is { } age ? Invariant($"{age / 1000.0:F1} s") : "-");
        table.Caption = new TableTitle(Invariant($"{at.TotalSeconds:F0} s   recorded {view?.Recorded}   stored {stored}   waiting {view?.Waiting}"));
        return table;
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
