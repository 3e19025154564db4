using System.CommandLine;
using EdgeHub.Edge.Composition;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Cli;

/// <summary>
/// <c>edgehub mirror</c>: takes a new second medium, by marking its directory as this box's. Once a stick; a running daemon finds
/// the mark by itself.
/// </summary>
sealed class MirrorVerb(IReadOnlyDictionary<string, string> environment, TextWriter output, TextWriter errors)
{
    public Command Command(Option<string?> config)
    {
        var verb = new Command("mirror", "Take the directory of spool.mirror as this box's second medium. Once for each new stick.");
        verb.SetAction(result => Run(result.GetValue(config)));
        return verb;
    }

    int Run(string? config)
    {
        var document = ConfigurationFile.Edge.Load(config, environment);
        var options = EdgeOptions.Read(document, environment);
        if (document.Errors.Count > 0)
        {
            SettingsText.WriteErrors(errors, document);
            return ExitCode.BadConfiguration;
        }

        if (options.Spool.Mirror is not { } mirror)
        {
            errors.WriteLine($"{document.Source} names no second medium. Write \"spool\": {{ \"mirror\": {{ \"directory\": \"/media/stick/edgehub\" }} }}.");
            return ExitCode.BadConfiguration;
        }

        try
        {
            using var first = new PosixDisk(options.Spool.Directory);
            using var second = SpoolMedia.OpenSecond(options.Spool.Directory, mirror.Directory);
            var mark = MediumMark.Adopt(first, second, options.Gateway.Id, EdgeRooms.NewId);
            output.WriteLine($"{mirror.Directory} is the second medium of {mark.Gateway} now. A running daemon takes it in within minutes, a restarted one at once.");
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(e.Message);
            return ExitCode.Fault;
        }
    }
}
