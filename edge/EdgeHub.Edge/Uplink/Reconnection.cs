using System.Diagnostics.CodeAnalysis;
using EdgeHub.Hosting.Progress;
using Polly;
using Polly.Retry;

namespace EdgeHub.Edge.Uplink;

/// <summary>How long to wait before the next try for a connection: jittered and growing, and slower where another box takes it over each time.</summary>
sealed class Reconnection(UplinkOptions options, int seed, TimeProvider time)
{
#pragma warning disable CA5394 // Jitter needs no secrecy, and a seed makes runs repeatable.
    readonly Random chance = new(seed);

    /// <summary>Take-overs in a row: the wait grows with them.</summary>
    public int TakeOvers { get; set; }

    /// <summary>The wait after a connection that lived: a broker that restarts must not meet all its boxes at once.</summary>
    public TimeSpan Pause() => Backoff.After(1, options.ReconnectDelayFirst, options.ReconnectDelayMax, chance);

    /// <summary>Tries until a connection has lived. <paramref name="progress"/> rests meanwhile: waiting is no hanging.</summary>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Polly keeps every member of the result type, an enum inherits Enum.GetValues(Type), and nobody calls it.")]
    public ResiliencePipeline<ConnectionEnd> Pipeline(LoopProgress progress) => new ResiliencePipelineBuilder<ConnectionEnd> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<ConnectionEnd>
        {
            ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Exception is null && outcome.Outcome.Result != ConnectionEnd.Lived),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.ReconnectDelayFirst,
            MaxDelay = options.ReconnectDelayMax,
            Randomizer = chance.NextDouble,
            DelayGenerator = outcome => ValueTask.FromResult(outcome.Outcome.Result == ConnectionEnd.TakenOver
                ? Backoff.After(++TakeOvers, options.TakeOverDelayFirst, options.TakeOverDelayMax, chance)
                : (TimeSpan?)null),
            OnRetry = next =>
            {
                progress.Rest(next.RetryDelay);
                return default;
            },
        })
        .Build();
#pragma warning restore CA5394
}
