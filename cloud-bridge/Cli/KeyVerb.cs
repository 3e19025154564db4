using EdgeHub.CloudBridge.Api;
using EdgeHub.Hosting;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Cli;

/// <summary><c>key new</c>: the key is on the screen once; the configuration gets its hash.</summary>
static class KeyVerb
{
    public static async Task<int> NewAsync(string name, ApiRole role, string area, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (!Identifiers.IsId(name))
        {
            await errors.WriteLineAsync($"--name {name}: write small letters, digits and dashes, at most 64.".AsMemory(), cancellationToken);
            return ExitCode.BadConfiguration;
        }

        if (!ApiKey.IsArea(area))
        {
            await errors.WriteLineAsync($"--area {area}: write a county, county/street or county/street/community, such as 330106/005.".AsMemory(), cancellationToken);
            return ExitCode.BadConfiguration;
        }

        var (key, hash) = ApiKey.New();
        var scope = area.Length == 0 ? "" : $", \"area\": \"{area}\"";
        await output.WriteLineAsync($$"""
            {{key}}

            Give this key to {{name}} now; it is kept nowhere and shown never again. Add this line to api.keys of the configuration and restart the bridge:

              { "name": "{{name}}", "role": "{{role.ToString().ToLowerInvariant()}}"{{scope}}, "hash": "{{hash}}" }
            """.AsMemory(), cancellationToken);
        return ExitCode.Ok;
    }
}
