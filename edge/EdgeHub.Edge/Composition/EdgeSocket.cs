using EdgeHub.Hosting.Settings;
using EdgeHub.Hosting.Status;

namespace EdgeHub.Edge.Composition;

/// <summary>Where the running daemon answers, seen from a shell beside it.</summary>
static class EdgeSocket
{
    // A technician's shell has neither the service's runtime directory nor, often, the right to read its configuration.
    public static string Find(string? config, IReadOnlyDictionary<string, string> environment)
    {
        if (ConfigurationFile.Edge.Find(config, environment) is var file && (file is null || file == ConfigurationFile.Edge.InstalledPath) && File.Exists(StatusSocket.ServicePath))
            return StatusSocket.ServicePath;
        return StatusSocket.PathFor(EdgeOptions.Read(ConfigurationFile.Edge.Load(config, environment), environment).DataDirectory, environment);
    }
}
