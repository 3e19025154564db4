using System.Reflection;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>Where the daemons' programs lie: beside this one when published, else where the build put them, which travels as assembly metadata.</summary>
static class Programs
{
    public static string Edge => Find("edgehub", "EdgeProgram");

    public static string Bridge => Find("edgehub-bridge", "BridgeProgram");

    public static string Sims => Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");

    static string Find(string name, string key)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, name);
        if (File.Exists(beside))
            return beside;
        var relative = typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == key)?.Value;
        var built = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, relative ?? "", name));
        return File.Exists(built)
            ? built
            : throw new FileNotFoundException($"{name} lies neither beside this program nor at {built}: build the whole solution, or put the published programs into one folder.");
    }
}
