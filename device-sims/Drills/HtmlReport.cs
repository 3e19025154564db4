using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using EdgeHub.DeviceSims.Demo;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>The drills as one page that needs nothing else: to be read, printed and filed.</summary>
static class HtmlReport
{
    const string Style = """
        :root { color-scheme: light }
        body { font: 15px/1.5 "DejaVu Sans", "Noto Sans", sans-serif; color: #1c2530; background: #fff; max-width: 62rem; margin: 2rem auto; padding: 0 1.5rem }
        h1 { font-size: 1.7rem; margin: 0 } h2 { font-size: 1.15rem; margin: 0 } .lead { color: #51606f; margin: .3rem 0 1.5rem }
        table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #dde3e9; vertical-align: top }
        th { font-weight: 600; color: #51606f } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
        .word { display: inline-block; min-width: 4.6rem; text-align: center; padding: .1rem .5rem; border-radius: .3rem; font-weight: 700; font-size: .85rem }
        .PASS { background: #d9f2e0; color: #0e5a2a } .FAIL { background: #fbdcdc; color: #8c1414 } .NOT { background: #ececec; color: #444 }
        section { border: 1px solid #dde3e9; border-radius: .5rem; padding: 1rem 1.2rem; margin: 1.2rem 0; break-inside: avoid }
        section header { display: flex; gap: .8rem; align-items: baseline; margin-bottom: .6rem } .why { color: #8c1414; margin: .4rem 0 }
        ol.steps { list-style: none; margin: .6rem 0; padding: 0 } ol.steps li { display: grid; grid-template-columns: 5rem 1fr; gap: .6rem } ol.steps span { color: #51606f; text-align: right; font-variant-numeric: tabular-nums }
        footer { color: #51606f; font-size: .85rem; margin: 2rem 0 } @media print { body { margin: 0; max-width: none } }
        """;

    public static void Write(string file, IReadOnlyList<DrillResult> results, string version, DateTimeOffset at)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>EdgeHub drill of {at:yyyy-MM-dd}</title><style>{Style}</style></head><body>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>EdgeHub drill</h1><p class=\"lead\">{at:yyyy-MM-dd HH:mm} UTC · version {Text(version)} · {Text(RuntimeInformation.OSDescription)}, {Environment.ProcessorCount} processors, {RuntimeInformation.ProcessArchitecture}<br>");
        page.Append(CultureInfo.InvariantCulture, $"{results.Count(result => result.IsPassed)} passed, {results.Count(result => result.Word == "FAIL")} failed, {results.Count(result => result.Missing is not null)} not run. Every drill ran the real programs with real frames on pseudo terminals; the judge knows only what was on the wires and the public view of the database.</p>");
        page.Append("<table><thead><tr><th></th><th>drill</th><th class=\"n\">recorded</th><th class=\"n\">stored</th><th class=\"n\">lost</th><th class=\"n\">doubled</th><th class=\"n\">altered</th><th class=\"n\">seconds</th></tr></thead><tbody>");
        foreach (var result in results)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Word(result)}</td><td><a href=\"#{result.Drill.Name}\">{Text(result.Drill.Name)}</a></td>{Figures(result.Books)}<td class=\"n\">{result.Took.TotalSeconds:0}</td></tr>");
        page.Append("</tbody></table>");
        foreach (var result in results)
            Section(page, result);
        page.Append("<footer>Lost: recorded by the box and neither stored, waiting nor standing in a tombstone. Doubled: rows that say again what another row says. Altered: rows with a value that was never on a wire. Not proven by any drill here: what the firmware of an SD card does when its power goes.</footer></body></html>");
        File.WriteAllText(file, page.ToString());
    }

    static void Section(StringBuilder page, DrillResult result)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section id=\"{result.Drill.Name}\"><header>{Word(result)}<h2>{Text(result.Drill.Title)}</h2></header>");
        if (result.Reason.Length > 0)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"why\">{Text(result.Reason)}</p>");
        if (result.Steps.Count > 0)
        {
            page.Append("<ol class=\"steps\">");
            foreach (var step in result.Steps)
                page.Append(CultureInfo.InvariantCulture, $"<li><span>{step.At.TotalSeconds:0.0} s</span>{Text(step.Text)}</li>");
            page.Append("</ol>");
        }

        if (result.Books is { } books)
            page.Append(CultureInfo.InvariantCulture, $"<table><tbody><tr><th>on the wires</th><td class=\"n\">{books.Findings.Emitted}</td><th>recorded</th><td class=\"n\">{books.Recorded}</td><th>stored</th><td class=\"n\">{books.Findings.Stored}</td><th>waiting</th><td class=\"n\">{books.Waiting}</td><th>tombstoned</th><td class=\"n\">{books.Tombstoned}</td></tr></tbody></table>");
        page.Append("</section>");
    }

    static string Figures(Verdict? books) => books is null
        ? "<td class=\"n\">–</td><td class=\"n\">–</td><td class=\"n\">–</td><td class=\"n\">–</td><td class=\"n\">–</td>"
        : string.Create(CultureInfo.InvariantCulture, $"<td class=\"n\">{books.Recorded}</td><td class=\"n\">{books.Findings.Stored}</td><td class=\"n\">{books.Lost}</td><td class=\"n\">{books.Findings.Duplicates}</td><td class=\"n\">{books.Findings.Altered}</td>");

    static string Word(DrillResult result) => $"<span class=\"word {result.Word.Split(' ')[0]}\">{result.Word}</span>";

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
