namespace EdgeHub.Edge.Spool.Media;

/// <summary>Where the media of a spool are, and whose they are.</summary>
/// <param name="Gateway">This box; a mirror that carries another's mark is refused.</param>
/// <param name="OpenPrimary">The first medium's directory; made when it is not there.</param>
/// <param name="Mirror">Null when there is one medium only.</param>
/// <param name="OpenMirror">The second one's; an <see cref="IOException"/> when it is not there.</param>
public sealed record MediaSetup(string Gateway, Func<IDisk> OpenPrimary, MirrorOptions? Mirror, Func<IDisk> OpenMirror)
{
    /// <summary>Whether what was opened is closed with the spools.</summary>
    public bool ClosesDisks { get; init; } = true;

    /// <summary>One medium, which is open and stays so.</summary>
    public static MediaSetup Of(IDisk disk) => new("", () => disk, null, () => throw new InvalidOperationException("There is no second medium.")) { ClosesDisks = false };
}
