using System.Diagnostics;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>The programs of the system that drills use: where they are, what package brings them, and how to run one to its end.</summary>
static class Tools
{
    const string PostgresVersions = "/usr/lib/postgresql";

    static readonly TimeSpan RunMax = TimeSpan.FromSeconds(60);
    static readonly string[] Folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        ["mosquitto"] = "mosquitto",
        ["mosquitto_pub"] = "mosquitto-clients",
        ["mosquitto_sub"] = "mosquitto-clients",
        ["postgres"] = "postgresql",
        ["strace"] = "strace",
        ["xfs_io"] = "xfsprogs",
        ["mkfs.ext4"] = "e2fsprogs",
        ["ip"] = "iproute2",
        ["tc"] = "iproute2",
        ["nft"] = "nftables",
        ["gcc"] = "gcc libc6-dev",
    };

    /// <summary>Where PostgreSQL's programs are; null when it is not installed.</summary>
    public static string? PostgresFolder => Directory.Exists(PostgresVersions)
        ? Directory.GetDirectories(PostgresVersions).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    /// <summary>What is missing on this machine for a drill, one sentence; null when nothing is.</summary>
    public static string? Missing(Drill drill)
    {
        var packages = drill.Needs.Where(need => need != "root" && !IsThere(need)).Select(need => Packages.GetValueOrDefault(need, need)).Distinct().ToArray();
        if (packages.Length > 0)
            return $"needs {string.Join(' ', packages)}: apt-get install {string.Join(' ', packages)}";
        return drill.Needs.Contains("root") && !Environment.IsPrivilegedProcess ? "needs root: it mounts, or makes a network" : null;
    }

    /// <summary>The full path of a program.</summary>
    public static string Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? program;

    /// <summary>Runs a program to its end and gives what it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, said) = await TryAsync(program, arguments);
        return code == 0 ? said : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}: {said.Trim()}");
    }

    public static async Task<(int Code, string Said)> TryAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Find(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/" })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(RunMax, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} hangs.");
        }

        return (process.ExitCode, await output + await errors);
    }

    static bool IsThere(string need) => need == "postgres" ? PostgresFolder is not null : Folders.Any(folder => File.Exists(Path.Combine(folder, need)));
}
