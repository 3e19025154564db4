namespace EdgeHub.Wire;

/// <summary>Record numbers <paramref name="First"/> to <paramref name="Last"/>, both included; numbers start at 1.</summary>
public readonly record struct NumberRange(ulong First, ulong Last)
{
    public ulong Count => Last - First + 1;

    public bool Contains(ulong number) => number >= First && number <= Last;

    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
