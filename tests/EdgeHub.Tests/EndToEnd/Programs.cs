using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace EdgeHub.Tests.EndToEnd;

/// <summary>The built programs, run as a person runs them.</summary>
static class Programs
{
    // artifacts/bin/EdgeHub.Tests/<configuration>/
    static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;

    public static string Sims => Of("EdgeHub.DeviceSims", "edgehub-sims");

    public static string Simulation => Of("EdgeHub.Simulation", "EdgeHub.Simulation");

    public static string Edge => Of("EdgeHub.Edge", "edgehub");

    public static string Bridge => Of("EdgeHub.CloudBridge", "edgehub-bridge");

    /// <summary>Runs a program to its end; its output goes to the test's own as well.</summary>
    public static async Task<(int ExitCode, string[] Lines)> RunAsync(string program, string[] arguments, CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(stop);
            var output = await process.StandardOutput.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            TestContext.Current.TestOutputHelper?.WriteLine(output + await errors);
            return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The last line as the JSON object that it is.</summary>
    public static JsonElement LastLine(string[] lines)
    {
        Assert.NotEmpty(lines);
        using var json = JsonDocument.Parse(lines[^1]);
        return json.RootElement.Clone();
    }

    public static long Number(this JsonElement json, string name) => json.GetProperty(name).GetInt64();

    /// <summary>A size that CI runs small and a person runs large: an environment variable, or the small one.</summary>
    public static int Size(string variable, int small) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : small;

    static string Of(string project, string name)
    {
        var path = Path.Combine(Repository.Root, "artifacts", "bin", project, Configuration, name);
        Assert.True(File.Exists(path), $"{path} is not built: run the tests by dotnet test --solution EdgeHub.sln, which builds everything.");
        return path;
    }
}
