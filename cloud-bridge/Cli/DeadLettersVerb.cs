using System.Globalization;
using EdgeHub.CloudBridge.Composition;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.Hosting;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Cli;

/// <summary><c>dead-letters</c>: what came and was none of ours; may run beside the daemon.</summary>
static class DeadLettersVerb
{
    const int HexBytesMax = 24;

    public static Task<int> ListAsync(BridgeOptions options, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken cancellationToken) => BridgeDaemon.WithStoreAsync(
        options,
        time,
        errors,
        async store =>
        {
            long last = 0, count = 0;
            while (await KeptLetter.ReadAsync(store, last, 100, cancellationToken) is { Count: > 0 } page)
            {
                foreach (var letter in page)
                    await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{letter.Key,8}  {letter.At:yyyy-MM-ddTHH:mm:ssZ}  {letter.Topic}  {letter.Payload.Length} bytes  {Convert.ToHexStringLower(letter.Payload.Span[..Math.Min(letter.Payload.Length, HexBytesMax)])}  {letter.Reason}"));
                (last, count) = (page[^1].Key, count + page.Count);
            }

            await output.WriteLineAsync(count == 0 ? "No dead letters." : string.Create(CultureInfo.InvariantCulture, $"{count} dead letters, the newest last. Once the cause is mended: edgehub-bridge dead-letters replay [--key KEY]."));
            return ExitCode.Ok;
        },
        cancellationToken);

    public static Task<int> ReplayAsync(BridgeOptions options, long? key, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken cancellationToken) => BridgeDaemon.WithStoreAsync(
        options,
        time,
        errors,
        async store =>
        {
            using var logs = LoggerFactory.Create(options.Log.Apply);
            using var reader = new ArrivalReader(new Topics(options.Prefix));
            var (tried, taken, readings) = await DeadLetterReplay.RunAsync(new Committer(store, time, logs.CreateLogger<Committer>()), reader, key, cancellationToken);
            if (key is not null && tried == 0)
            {
                await errors.WriteLineAsync($"--key {key}: there is no such dead letter. See: edgehub-bridge dead-letters list.");
                return ExitCode.BadConfiguration;
            }

            await output.WriteLineAsync($"Tried {tried} letters; {taken} were records after all and are delivered, with {readings} new readings; {tried - taken} stay.");
            return ExitCode.Ok;
        },
        cancellationToken);
}
