using System.Reflection;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>Where the daemons' programs lie: where the build put them, which travels as assembly metadata, else beside this one, as published.</summary>
static class Programs
{
    public static string Edge => Find("edgehub", "EdgeProgram");

    public static string Bridge => Find("edgehub-bridge", "BridgeProgram");

    // Not Environment.ProcessPath: that is dotnet itself when the program was started as a .dll.
    public static string Sims => Path.Combine(AppContext.BaseDirectory, "edgehub-sims");

    static string Find(string name, string key)
    {
        var relative = typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == key)?.Value;
        var built = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, relative ?? "", name));
        if (File.Exists(built))
            return built;
        var beside = Path.Combine(AppContext.BaseDirectory, name);
        return File.Exists(beside)
            ? beside
            : throw new FileNotFoundException($"{name} lies neither beside this program nor at {built}: build the whole solution, or put the published programs into one folder.");
    }
}
