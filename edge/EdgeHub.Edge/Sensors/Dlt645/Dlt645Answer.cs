namespace EdgeHub.Edge.Sensors.Dlt645;

/// <summary>A checked answer of a meter.</summary>
/// <param name="Address">Who answered: six bytes, low first.</param>
/// <param name="Data">What stands behind the data identifier, low byte first; of a refusal the error byte.</param>
/// <param name="HasMore">Whether the meter has more to say of it, to be asked for.</param>
#pragma warning disable CA1815 // Never compared.
public readonly record struct Dlt645Answer(ReadOnlyMemory<byte> Address, ReadOnlyMemory<byte> Data, bool HasMore);
#pragma warning restore CA1815
