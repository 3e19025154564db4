using System.CommandLine;
using System.Reflection;
using EdgeHub.DeviceSims.Drills;

namespace EdgeHub.DeviceSims.Verbs;

/// <summary>
/// <c>edgehub-sims drill NAME</c>: something goes wrong on real processes, and the books are compared. Exit 0 only when every drill
/// passed; 1 when one failed, 3 when none failed and one was not run because the machine lacks something.
/// </summary>
static class DrillVerb
{
    const string Every = "all";
    const int Failed = 1;
    const int NotRun = 3;

    public static Command Create(TextWriter output, TimeProvider time)
    {
        var name = new Argument<string>("NAME") { Description = "A drill's name, all, or list." };
        var smoke = new Option<bool>("--smoke") { Description = "With all: only the short set." };
        var report = new Option<string?>("--report") { Description = "Write drills.html and drills.xml (JUnit) there.", HelpName = "DIR" };
        var directory = new Option<string?>("--dir") { Description = "Keep configs and logs of failed drills here instead of in a temporary folder." };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && text is not (Every or "list") && DrillCatalog.All.All(drill => drill.Name != text))
                result.AddError($"There is no drill {text}: {string.Join(", ", DrillCatalog.All.Select(drill => drill.Name))}, all or list.");
        });
        var verb = new Command("drill", "Breaks the real product one way at a time, prints what was done and the books, and PASS or FAIL.") { name, smoke, report, directory };
        verb.SetAction(async (parsed, _) =>
        {
            var asked = parsed.GetValue(name)!;
            if (asked == "list")
            {
                foreach (var drill in DrillCatalog.All)
                    await output.WriteLineAsync($"{drill.Name,-18} {drill.Title}{(Tools.Missing(drill) is { } missing ? $" ({missing})" : "")}");
                return 0;
            }

            var place = parsed.GetValue(directory) is { } kept ? Path.GetFullPath(kept) : Directory.CreateTempSubdirectory("edgehub-drill-").FullName;
            // The data directory's socket must stay short, and PostgreSQL runs as a user of its own who walks through here.
            Directory.CreateDirectory(place);
            File.SetUnixFileMode(place, File.GetUnixFileMode(place) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
            var drills = DrillCatalog.All.Where(drill => asked == Every ? drill.InSmoke || !parsed.GetValue(smoke) : drill.Name == asked);
            var results = await new DrillRunner(output, time, place).RunAsync(drills);
            if (parsed.GetValue(report) is { } folder)
            {
                Directory.CreateDirectory(folder);
                HtmlReport.Write(Path.Combine(folder, "drills.html"), results, Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0", time.GetUtcNow());
                JUnitReport.Write(Path.Combine(folder, "drills.xml"), results);
            }

            await output.WriteLineAsync($"{results.Count(result => result.IsPassed)} passed, {results.Count(result => result.Word == "FAIL")} failed, {results.Count(result => result.Missing is not null)} not run.");
            if (!Directory.EnumerateFileSystemEntries(place).Any())
                Directory.Delete(place);
            else
                await output.WriteLineAsync($"Configs and logs of what failed are in {place}.");
            return results.Any(result => result.Word == "FAIL") ? Failed : results.Any(result => result.Missing is not null) ? NotRun : 0;
        });
        return verb;
    }
}
