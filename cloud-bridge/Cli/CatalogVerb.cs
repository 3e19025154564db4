using System.CommandLine.Parsing;
using System.Text.Json;
using EdgeHub.CloudBridge.Api;
using EdgeHub.CloudBridge.Api.Catalogs;
using EdgeHub.CloudBridge.Composition;
using EdgeHub.CloudBridge.Store.Queries;
using EdgeHub.Hosting;

namespace EdgeHub.CloudBridge.Cli;

/// <summary><c>catalog export</c>: works beside the daemon.</summary>
static class CatalogVerb
{
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value of <c>--api</c>.</summary>
    public static Uri? Address(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https"))
            return address;
        argument.AddError($"--api {text}: write where the API is reached, such as https://data.city.example/.");
        return null;
    }

    public static Task<int> ExportAsync(BridgeOptions options, CatalogFormat format, string area, Uri? api, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken cancellationToken) =>
        BridgeDaemon.WithStoreAsync(
            options,
            time,
            errors,
            async _ =>
            {
                if (!ApiKey.IsArea(area))
                {
                    await errors.WriteLineAsync($"--area {area}: write a county, county/street or county/street/community, such as 330106/005.");
                    return ExitCode.BadConfiguration;
                }

                await using var reader = BridgeServices.OpenReader(options.Store, time);
                var document = await CatalogExport.ReadAsync(reader, new StreamFilter("") { Area = area }, format, options.Publish.Prefix, api ?? new Uri($"http://{options.Api?.Listen ?? new ApiOptions().Listen}/"), cancellationToken);
                if (document is null)
                {
                    await errors.WriteLineAsync($"More than {CatalogExport.StreamsMax} streams fit: name an area with --area.");
                    return ExitCode.BadConfiguration;
                }

                await output.WriteLineAsync(document.ToJsonString(Readable));
                return ExitCode.Ok;
            },
            cancellationToken);
}
