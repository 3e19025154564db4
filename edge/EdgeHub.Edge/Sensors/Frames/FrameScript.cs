namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>How one instrument is talked to: listened to, or asked each interval.</summary>
/// <param name="Format">The frames it sends.</param>
sealed record FrameScript(FrameFormat Format)
{
    /// <summary>How long values are marked uncertain after opening and after a silence, when it may have lost its power.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Without a frame for so long it is silent.</summary>
    public TimeSpan SilenceAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Commands that put it into the right mode: sent at opening and after a silence, for it may have restarted.</summary>
    public IReadOnlyList<byte[]> Opening { get; init; } = [];

    /// <summary>What asks for a frame; null where it sends by itself.</summary>
    public byte[]? Request { get; init; }

    /// <summary>How long an answer may take.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What wakes it before it is asked and lets it sleep after, to spare a laser or a fan; null where it never sleeps.</summary>
    public (byte[] Wake, byte[] Sleep)? Rest { get; init; }

    /// <summary>From waking to a value that can be trusted.</summary>
    public TimeSpan Settle { get; init; }

    /// <summary>Which instrument's frames are taken; empty where anyone's are.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>What to check when it says nothing.</summary>
    public string SilentAdvice { get; init; } = "check its supply and the wiring of its TX.";

    /// <summary>What to check when bytes come and no frame is among them.</summary>
    public string ForeignAdvice { get; init; } = "check the baud rate and that this is the configured model.";
}
